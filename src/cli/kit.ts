import type { ParseArgsConfig } from "node:util";
import type { Certificates } from "../certificates/certificates.ts";
import type { Config } from "../config.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Platform, Words } from "../engine/adapter.ts";
import type { Store } from "../store/types.ts";

/** A running or startable product, as the composition root makes it. */
export interface Product {
  readonly adapters: readonly Adapter[];
  readonly store: Store;
  /** Starts everything; resolves once the product is ready, with the address to open where it listens. */
  start(): Promise<string | undefined>;
  /** Lets what is under way finish and closes everything; a second call waits for the same end. */
  stop(): Promise<void>;
  /** Resolves when a person at the terminal is done. Never, where there is none. */
  readonly finished: Promise<void>;
}

/** What commands get from the composition root, so that they name neither a platform nor a database. */
export interface Kit {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line for the person, on standard output. */
  readonly out: (line: string) => void;
  /** One line on standard error. */
  readonly err: (line: string) => void;
  /** All platforms there are, switched on or not. */
  readonly platforms: readonly Platform[];
  /** Reads the environment; throws `ConfigError`. */
  config(): Config;
  /** An error in one line, without anything secret. */
  explain(error: unknown): string;
  /** Opens the database; whoever asked closes it. Without `migrate` it must be up to date. */
  openStore(config: Config, options: { readonly migrate: boolean }): Promise<Store>;
  /** The product with every platform that is switched on. */
  serve(config: Config): Promise<Product>;
  /** The product with this terminal alone. */
  chat(config: Config): Promise<Product>;
  /** Fills an empty database with an organisation and its learners; returns links with which its staff sign in. */
  demo(config: Config): Promise<{
    readonly learners: number;
    readonly turns: number;
    readonly links: readonly { readonly role: string; readonly url: string }[];
  }>;
  /** The platforms that are switched on, created to be asked how they are; whoever asked closes them. */
  adapters(config: Config, store: Store): Promise<readonly Adapter[]>;
  /** Brings the database up to date; returns the name of its newest migration. */
  migrate(config: Config): Promise<string>;
  /** Writes an encrypted copy of database, files and keys beside a running server. */
  backup(config: Config, to: string | undefined): Promise<{ readonly path: string; readonly rows: number }>;
  /** Puts a copy in the place of a stopped server's database, held, and makes newer erasures and withdrawals of certificates again. */
  restore(
    config: Config,
    from: string,
  ): Promise<{ readonly rows: number; readonly erased: number; readonly withdrawn: number }>;
  /** Keys and checks of certificates, over a store that is open. */
  certificates(config: Config, store: Store): Promise<Certificates>;
  /** What people read, in all interface languages. */
  words(): Promise<Words>;
  /** The programmes on disk and the older versions in the database. */
  catalogue(config: Config, store: Store): Promise<Catalogue>;
  /** Computes progress again from the record; returns how many persons there are and how many differed. */
  rebuild(store: Store): Promise<{ readonly persons: number; readonly changed: number }>;
  /** How a one-time code is stored. */
  hashCode(config: Config, code: string): Promise<string>;
  /** Lets failed turns run again; returns what became of each. */
  replay(config: Config, store: Store, ids: readonly number[]): Promise<readonly Replayed[]>;
  readonly programmes: {
    /** All findings, one line each, and what was read. */
    check(folder: string): Promise<{
      readonly programmes: readonly string[];
      readonly problems: readonly string[];
      /** What authors should hear and that stops nothing. */
      readonly warnings: readonly string[];
    }>;
    /** Enters new versions into the lock, where nothing is wrong. */
    lock(folder: string): Promise<{ readonly added: readonly string[]; readonly problems: readonly string[] }>;
    /** Writes a programme to begin with; returns the paths of its files. */
    create(folder: string, id: string): Promise<readonly string[]>;
  };
  readonly frameworks: {
    /** A competence framework as the text of a file; one language in a CASE file. */
    export(given: {
      readonly folder: string;
      readonly programme: string;
      readonly format: "case" | "csv";
      readonly publicUrl: string | undefined;
      readonly language?: string;
    }): Promise<string>;
    /** Writes the framework that a file holds into the folder of a programme; returns the paths of its files. */
    import(file: string, folder: string): Promise<readonly string[]>;
  };
}

/** What became of a failed turn. */
export interface Replayed {
  readonly id: number;
  readonly outcome: "taken" | "duplicate" | "dropped" | "failed" | "missing";
}

/** The options of a command as they were given. */
export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One command of the command line. */
export interface Command {
  /** How it is called, without the program's name; one line per form. */
  readonly usage: readonly string[];
  /** What it does, and what each option is for. */
  readonly help: string;
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** How many words may stand beside the options: from, to. None without it. */
  readonly words?: readonly [number, number];
  /** Returns the exit status. Throws `UsageError` for wrong use and any other error for a failure. */
  run(words: readonly string[], values: Values, kit: Kit): Promise<number>;
}

/** The command was called in a way that it does not understand. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** The value of an option that takes one. */
export function given(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
