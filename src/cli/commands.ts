import type { Command } from "./kit.ts";

interface Entry {
  readonly summary: string;
  /** Loaded when it is called: the summary of all commands loads none of them. */
  load(): Promise<{ readonly command: Command }>;
}

/** Every command, in the order of the overview. */
export const commands = {
  serve: { summary: "start the server", load: () => import("./serve.ts") },
  chat: { summary: "learn in this terminal", load: () => import("./chat.ts") },
  demo: { summary: "fill an empty database with a believable cohort", load: () => import("./demo.ts") },
  doctor: { summary: "say what is configured, reachable and wrong, and the repair", load: () => import("./doctor.ts") },
  migrate: { summary: "bring the database up to date", load: () => import("./migrate.ts") },
  backup: { summary: "copy database, files and keys, beside a running server", load: () => import("./backup.ts") },
  restore: { summary: "put a copy back, with the server stopped", load: () => import("./restore.ts") },
  release: { summary: "let a restored database send again", load: () => import("./release.ts") },
  rebuild: { summary: "compute progress again from the record", load: () => import("./rebuild.ts") },
  invite: { summary: "make a one-time link for somebody", load: () => import("./invite.ts") },
  programmes: { summary: "begin and check programmes", load: () => import("./programmes.ts") },
  framework: { summary: "take a competence framework out, or bring one in", load: () => import("./framework.ts") },
  manifest: { summary: "write a platform's app manifest", load: () => import("./manifest.ts") },
  person: { summary: "export or erase what is stored about a person", load: () => import("./person.ts") },
  certificates: {
    summary: "check a certificate, and renew the key that signs",
    load: () => import("./certificates.ts"),
  },
  replay: { summary: "list failed turns, and let them run again", load: () => import("./replay.ts") },
} satisfies Readonly<Record<string, Entry>>;
