import { type Command, type Kit, UsageError } from "./kit.ts";

/** `fadder programmes` */
export const command: Command = {
  usage: ["programmes check [--lock]", "programmes new <id>"],
  help: `
check   reads every programme below PROGRAMMES_DIR and says, with path and line, what is wrong
new     writes a small programme to begin with

  --lock   enter new versions into programmes.lock.json, where nothing is wrong`,
  options: { lock: { type: "boolean" } },
  words: [1, 2],
  async run([verb, id], values, kit) {
    const folder = kit.env.PROGRAMMES_DIR || "./programmes";
    if (verb === "check" && id === undefined) return values.lock === true ? lock(kit, folder) : check(kit, folder);
    if (verb === "new" && id !== undefined) {
      for (const path of await kit.programmes.create(folder, id)) kit.out(`Written: ${path}`);
      kit.out('Now write, then run "fadder programmes check".');
      return 0;
    }
    throw new UsageError(verb === "new" ? "give the id of the new programme." : `"${verb}" is not known here.`);
  },
};

async function check(kit: Kit, folder: string): Promise<number> {
  const { programmes, problems, warnings } = await kit.programmes.check(folder);
  for (const warning of warnings) kit.err(`Note: ${warning}`);
  for (const problem of problems) kit.err(problem);
  if (problems.length > 0) {
    kit.err(problems.length === 1 ? "1 problem." : `${problems.length} problems.`);
    return 1;
  }
  for (const programme of programmes) kit.out(`${programme}: nothing wrong`);
  return 0;
}

async function lock(kit: Kit, folder: string): Promise<number> {
  const { added, problems } = await kit.programmes.lock(folder);
  for (const problem of problems) kit.err(problem);
  if (problems.length > 0) {
    kit.err("The lock was left as it is.");
    return 1;
  }
  for (const version of added) kit.out(`Locked: ${version}`);
  if (added.length === 0) kit.out("No new versions.");
  return 0;
}
