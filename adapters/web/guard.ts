import type { Request } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { urlOf } from "../../src/engine/url.ts";
import { limits } from "./limits.ts";

/**
 * Whether a request comes from a page of ours. Browsers say so in `Sec-Fetch-Site` (on https and loopback) or in
 * `Origin`; a request that says neither is refused, because every browser that can run the page says one of them.
 */
export function fromOurPage(req: Request, publicUrl: string | undefined): boolean {
  const site = req.get("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const origin = req.get("origin") ?? req.get("referer");
  if (origin === undefined || urlOf(origin) === undefined) return false;
  const { host } = new URL(origin);
  return host === req.get("host") || (publicUrl !== undefined && host === new URL(publicUrl).host);
}

/** Counters in memory, one set per instance. Each gives the seconds to wait, or undefined where the request may pass. */
export interface Limiter {
  message(req: Request, user: string): Promise<number | undefined>;
  stream(req: Request): Promise<number | undefined>;
  newcomer(req: Request): Promise<number | undefined>;
  /** Whether this network has guessed too many codes. */
  mayTryCode(req: Request): Promise<number | undefined>;
  wrongCode(req: Request): Promise<void>;
}

export function createLimiter(): Limiter {
  const person = limiterOf(limits.perPerson);
  const network = limiterOf(limits.perNetwork);
  const newcomers = limiterOf(limits.newPerNetwork);
  const codes = limiterOf(limits.wrongCodes);
  return {
    message: async (req, user) => (await consume(person, user)) ?? (await consume(network, networkOf(req))),
    stream: (req) => consume(network, networkOf(req)),
    newcomer: (req) => consume(newcomers, networkOf(req)),
    async mayTryCode(req) {
      const state = await codes.get(networkOf(req));
      return state && state.consumedPoints >= limits.wrongCodes.points ? secondsOf(state) : undefined;
    },
    async wrongCode(req) {
      await consume(codes, networkOf(req));
    },
  };
}

function limiterOf(rule: { readonly points: number; readonly seconds: number }): RateLimiterMemory {
  return new RateLimiterMemory({ points: rule.points, duration: rule.seconds });
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return secondsOf(refused);
    throw refused;
  }
}

function secondsOf(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
}

/** One IPv4 address, or the /64 a provider gives to one household. */
function networkOf(req: Request): string {
  const ip = req.ip ?? "unknown";
  if (!ip.includes(":") || ip.startsWith("::ffff:")) return ip;
  const [head = "", tail] = ip.split("::");
  const before = head.split(":");
  const after = tail === undefined ? [] : tail.split(":");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
