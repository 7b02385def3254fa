import type { Config } from "../../config.ts";
import type { Finding } from "./finding.ts";
import { skewFinding } from "./machine.ts";

const TIMEOUT_MS = 5_000;

/** Tries each host. Any answer counts: what is asked is whether the way there is open. */
export async function networkFindings(hosts: readonly string[], config: Config): Promise<readonly Finding[]> {
  if (hosts.length === 0) return [{ state: "ok", what: "hosts", detail: "nothing outside this machine is needed" }];
  const via = config.proxy === undefined ? "directly" : `through ${new URL(config.proxy.url).host}`;
  const tried = await Promise.all(hosts.map((host) => tryHost(host, via)));
  const skews = tried.flatMap((one) => one.skew ?? []);
  // Every server says what time it is; the middle one is not the one that is wrong.
  const skew = skews.sort((one, other) => one - other)[skews.length >> 1];
  const findings = tried.map((one) => one.finding);
  return skew === undefined ? findings : [...findings, skewFinding("clock", skew, "the hosts above")];
}

async function tryHost(host: string, via: string): Promise<{ readonly finding: Finding; readonly skew?: number }> {
  try {
    const response = await fetch(host, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const date = Date.parse(response.headers.get("date") ?? "");
    const finding: Finding = { state: "ok", what: host, detail: `reachable ${via}` };
    return Number.isNaN(date) ? { finding } : { finding, skew: date - Date.now() };
  } catch (error) {
    const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
    const reason = name === "TimeoutError" ? `no answer within ${TIMEOUT_MS / 1000} s` : String(cause?.code ?? name);
    const repair = "open the way for https to this host in the firewall, or set HTTPS_PROXY";
    return { finding: { state: "wrong", what: host, detail: `not reachable ${via} (${reason})`, repair } };
  }
}
