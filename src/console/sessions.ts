import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import { dayMs, hourMs } from "../domain/durations.ts";
import { keyedHash } from "../people/sign-in.ts";
import type { Database } from "../store/client.ts";
import type { Cookies } from "./cookies.ts";

/** Twelve hours without a request, or fourteen days in all, end a session. */
const idleMs = 12 * hourMs;
const mostMs = 14 * dayMs;
/** A visit is written down at most this often. */
const writtenEveryMs = 60_000;
const cookie = "console";

/** Somebody who is signed in. */
export interface SignedIn {
  readonly personId: string;
  /** What every form of this session carries. */
  readonly csrf: string;
}

/** Who is signed in at the console; lives by the real clock. */
export interface Sessions {
  of(request: Request): Promise<SignedIn | undefined>;
  open(response: Response, personId: string): Promise<void>;
  close(request: Request, response: Response): Promise<void>;
  /** Whether a form came from a page of this session. */
  holds(session: SignedIn, csrf: string | null): boolean;
}

/** Sessions in the database. The browser has a random id in a cookie; the table has a keyed hash of it. */
export function createSessions(db: Pick<Database, "consoleSession">, secret: string, cookies: Cookies): Sessions {
  const hashed = (id: string): string => keyedHash(secret, "console-session", id);
  return {
    async of(request) {
      const id = cookies.get(request, cookie);
      if (id === undefined || !/^[\w-]{43}$/u.test(id)) return undefined;
      const idHash = hashed(id);
      const now = Date.now();
      const row = await db.consoleSession.findUnique({ where: { idHash } });
      if (row === null) return undefined;
      if (Number(row.expiresAt) <= now || Number(row.seenAt) + idleMs <= now) {
        await db.consoleSession.deleteMany({ where: { idHash } });
        return undefined;
      }
      if (Number(row.seenAt) + writtenEveryMs < now)
        await db.consoleSession.updateMany({ where: { idHash }, data: { seenAt: BigInt(now) } });
      return { personId: row.personId, csrf: keyedHash(secret, "console-form", id) };
    },
    async open(response, personId) {
      const id = randomBytes(32).toString("base64url");
      const now = BigInt(Date.now());
      // Whoever signs in clears away what ended meanwhile; nobody else has to.
      await db.consoleSession.deleteMany({
        where: { OR: [{ expiresAt: { lte: now } }, { seenAt: { lte: now - BigInt(idleMs) } }] },
      });
      await db.consoleSession.create({
        data: { idHash: hashed(id), personId, createdAt: now, seenAt: now, expiresAt: now + BigInt(mostMs) },
      });
      cookies.set(response, cookie, id, mostMs);
    },
    async close(request, response) {
      const id = cookies.get(request, cookie);
      if (id === undefined) return;
      await db.consoleSession.deleteMany({ where: { idHash: hashed(id) } });
      cookies.clear(response, cookie);
    },
    holds(session, csrf) {
      const [wanted, given] = [Buffer.from(session.csrf), Buffer.from(csrf ?? "")];
      return wanted.length === given.length && timingSafeEqual(wanted, given);
    },
  };
}
