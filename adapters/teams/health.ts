import type { Health } from "../../src/engine/adapter.ts";
import type { Registration } from "./auth.ts";
import { TokenError } from "./credentials.ts";

/** What is known of the login service's own codes, as a repair. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const REPAIRS: Readonly<Record<string, string>> = {
  AADSTS7000215:
    "The client secret is wrong. Make a new one in Entra ID, App registrations, Certificates & secrets, and set it (the value, not its id).",
  AADSTS7000222:
    "The client secret has expired. Make a new one in Entra ID, App registrations, Certificates & secrets, and set it.",
  AADSTS700016: "There is no such registration in this tenant. Check the application id and the tenant id.",
  AADSTS90002: "There is no such tenant. Check the tenant id.",
  AADSTS900023: "The tenant id is not one. Copy the directory (tenant) id from the registration's page.",
  AADSTS700027:
    "The certificate is not known to the registration, or has expired. Upload it in Certificates & secrets.",
  no_secret: "Give a client secret or a certificate.",
};

/** Asks for a token of every registration and lists the hosts that are needed. One broken registration hides no other. */
export async function teamsHealth(
  registrations: readonly Registration[],
  broken: readonly { readonly name: string; readonly reason: string }[],
): Promise<Health> {
  const connections = await Promise.all(registrations.map(connectionHealth));
  const all = [
    ...connections,
    ...broken.map(({ name, reason }) => ({
      name,
      ok: false,
      detail: `The registration could not be set up: ${reason}`,
      repair: "Check this registration's certificate, secret and settings, and start again.",
    })),
  ];
  return { ok: all.every((one) => one.ok), connections: all, hosts: hostsOf(registrations) };
}

async function connectionHealth(registration: Registration): Promise<Health["connections"][number]> {
  const { name, tokens, tenants, connection } = registration;
  if (connection.appId === undefined) {
    return { name, ok: true, detail: "Takes unsigned activities from this machine only; for local clients." };
  }
  try {
    await tokens.ready();
    return { name, ok: true, detail: `A token was obtained; ${tenants.size} allowed tenant(s).` };
  } catch (error) {
    const { code, reached } = error instanceof TokenError ? error : { code: "unknown", reached: false };
    return {
      name,
      ok: false,
      detail: reached
        ? `The login service refused a token (${code}).`
        : `The login service could not be reached (${code}).`,
      repair: reached
        ? (REPAIRS[code] ?? "Check the application id, the tenant id and the secret or certificate.")
        : `Let this machine reach ${tokens.loginUrl ?? "the login service"}, through the proxy where there is one.`,
    };
  }
}

function hostsOf(registrations: readonly Registration[]): readonly string[] {
  const hosts = new Set<string>();
  for (const { cloud, tokens, connection } of registrations) {
    if (connection.appId === undefined) continue;
    if (tokens.loginUrl !== undefined) hosts.add(new URL(tokens.loginUrl).origin);
    hosts.add(new URL(cloud.metadataUrl).origin);
    for (const rule of connection.serviceHosts) if (!rule.startsWith("*.")) hosts.add(`https://${rule}`);
    if (connection.serviceHosts.length === 0) hosts.add("https://smba.trafficmanager.net");
  }
  return [...hosts];
}
