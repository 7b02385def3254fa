import type { Command } from "./kit.ts";

/** `fadder demo` */
export const command: Command = {
  usage: ["demo"],
  help: `
Fills an empty database with an example organisation: sixty learners at different points, two groups, an administrator and a
coordinator. Prints links with which these sign in to the console. Takes some seconds; the server must not be running.`,
  async run(_words, _values, kit) {
    const { learners, turns, links } = await kit.demo(kit.config());
    kit.out(`${learners} learners, ${turns} steps of theirs.`);
    for (const { role, url } of links) kit.out(`${role}: ${url}`);
    kit.out(`Each link works once, within 15 minutes. Start the server with "npm start" and open one.`);
    return 0;
  },
};
