import { parseArgs } from "node:util";
import { commands } from "./commands.ts";
import { type Command, type Kit, UsageError, type Values } from "./kit.ts";

/** Runs one command line. Returns 0 for success, 1 for a failure that was named on stderr, 2 for wrong use. */
export async function run(argv: readonly string[], kit: Kit): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    for (const line of overview()) (name === undefined ? kit.err : kit.out)(line);
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined;
  if (entry === undefined) {
    kit.err(`fadder: there is no command "${name}".`);
    for (const line of overview()) kit.err(line);
    return 2;
  }
  const command = (await entry.load()).command;
  try {
    const { words, values } = parse(command, rest);
    if (values.help === true) {
      for (const line of help(command)) kit.out(line);
      return 0;
    }
    count(command, words);
    return await command.run(words, values, kit);
  } catch (error) {
    if (error instanceof UsageError) {
      kit.err(`fadder ${name}: ${error.message}`);
      for (const line of usage(command)) kit.err(line);
      return 2;
    }
    kit.err(`fadder ${name}: ${kit.explain(error)}`);
    return 1;
  }
}

function parse(command: Command, args: readonly string[]): { words: readonly string[]; values: Values } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    return { words: positionals, values: values as Values };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function count(command: Command, words: readonly string[]): void {
  const [least, most] = command.words ?? [0, 0];
  if (words.length < least) throw new UsageError("something is missing.");
  if (words.length > most) throw new UsageError(`"${words[most]}" is too much.`);
}

function overview(): readonly string[] {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    "Usage: fadder <command> [options]",
    "",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "fadder <command> --help says more. Settings are environment variables; docs/operating.md lists them.",
  ];
}

function usage(command: Command): readonly string[] {
  return command.usage.map((form, index) => `${index === 0 ? "Usage:" : "      "} fadder ${form}`);
}

function help(command: Command): readonly string[] {
  return [...usage(command), "", ...command.help.trim().split("\n")];
}
