import { urlOf } from "../../src/engine/url.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The hosts Microsoft's clouds send `serviceUrl`s of; a leading `*.` admits every name below it.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
const OFFICIAL = ["smba.trafficmanager.net", "*.teams.microsoft.com", "smba.infra.gov.teams.microsoft.us"];

/** Decides about one `serviceUrl`. Tokens and messages go to no other host. */
export type HostRule = (serviceUrl: string) => boolean;

/**
 * The rule for a connection: the official hosts over https, and `extra` ones (`host` admits every port, `host:port` that
 * one). On loopback http is accepted too; `anyLoopback` admits this machine itself on every port.
 */
export function hostRule(extra: readonly string[], anyLoopback = false): HostRule {
  const rules = [...OFFICIAL.map((host) => `${host}:443`), ...extra.map((rule) => rule.toLowerCase())];
  return (serviceUrl) => {
    if (urlOf(serviceUrl) === undefined) return false;
    const url = new URL(serviceUrl);
    // `https://good.example@evil.example/` reads like the first and leads to the second.
    if (url.username !== "" || url.password !== "") return false;
    const host = url.hostname.toLowerCase();
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackHost(host))) return false;
    if (anyLoopback && isLoopbackHost(host)) return true;
    const port = url.port !== "" ? url.port : url.protocol === "https:" ? "443" : "80";
    return rules.some((rule) => admits(rule, host, port));
  };
}

/** Whether a URL's host is this machine itself; IPv6 in brackets. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

/** Whether a socket's other end is this machine itself. */
export function isLoopbackSocket(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

/** Whether an entry of the host list is one: `host` or `host:port`, without scheme or path. */
export function isHostEntry(text: string): boolean {
  return /^(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(text);
}

function admits(rule: string, host: string, port: string): boolean {
  const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(rule);
  const name = found?.[1];
  if (name === undefined || (found?.[2] !== undefined && found[2] !== port)) return false;
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) && host.length >= name.length : host === name;
}
