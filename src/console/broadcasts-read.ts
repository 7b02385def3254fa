import type { Written } from "../broadcasts/service.ts";
import { audienceSchema, type Content, contentSchema, timingSchema } from "../broadcasts/types.ts";
import { cleanPicture, keepPicture } from "../images/upload.ts";
import type { ConsoleDeps, Visit } from "./types.ts";

/** What a form says, or why it says nothing: keys of `words/broadcast`. `values` is everything that was typed, to be shown again. */
export interface Read {
  readonly values: URLSearchParams;
  readonly problems: readonly string[];
  readonly written: Written | undefined;
}

/** Reads the form of a draft and keeps its picture. */
export async function readForm(visit: Visit, deps: ConsoleDeps, before?: Written): Promise<Read> {
  const values = new URLSearchParams(visit.form);
  const problems: string[] = [];
  const fault = await takePicture(visit, deps, values);
  if (fault !== undefined) problems.push(`broadcast.c.picture.${fault}`);
  const { languages } = deps.words;
  const content = contentIn(values, languages);
  if (typeof content === "string") problems.push(content);
  const audience = audienceIn(values);
  const timing = timingIn(values);
  // What a correction is for and when it leaves is settled by what it corrects.
  if (before === undefined && audience === undefined) problems.push("broadcast.c.wrong.whom");
  if (before === undefined && timing === undefined) problems.push("broadcast.c.wrong.when");
  if (problems.length > 0 || typeof content === "string") return { values, problems, written: undefined };
  if (before !== undefined) return { values, problems, written: { ...before, content } };
  if (audience === undefined || timing === undefined) return { values, problems, written: undefined };
  return { values, problems, written: { audience, content, timing } };
}

/** Puts the id of the picture that was uploaded into the form; gives why it was not taken. */
async function takePicture(visit: Visit, deps: ConsoleDeps, values: URLSearchParams): Promise<string | undefined> {
  if (values.get("nopicture") === "yes") {
    for (const name of [...values.keys()]) if (name === "pictureid" || name.startsWith("alt-")) values.delete(name);
  }
  const file = visit.files.get("picture");
  if (file === undefined) return undefined;
  const picture = await cleanPicture(file.bytes);
  if (typeof picture === "string") return picture;
  const reach = visit.standing.within("broadcasts.send");
  const wanted = values.get("organisation") ?? "";
  const organisationId = reach.includes(wanted) ? wanted : (reach[0] ?? "");
  values.set("pictureid", await keepPicture(deps.store.db, { organisationId, picture, now: deps.now() }));
  return undefined;
}

function audienceIn(form: URLSearchParams): Written["audience"] | undefined {
  const field = (name: string): string => form.get(name)?.trim() ?? "";
  const names = ["cohort", "role", "organisation", "region", "topic", "filter"];
  const filled = names.flatMap((name) => (field(name) === "" ? [] : [[name, field(name)] as const]));
  const [programme, kind, id] = field("notdone").split("|");
  return audienceSchema.safeParse({
    ...Object.fromEntries(filled),
    ...(field("notdone") === "" ? {} : { notDone: { programme, kind, id } }),
  }).data;
}

function timingIn(form: URLSearchParams): Written["timing"] | undefined {
  const [at, zone] = ["at", "zone"].map((name) => form.get(name)?.trim() ?? "");
  const urgent = form.get("urgent") === "yes" ? { urgent: true } : {};
  return timingSchema.safeParse({ ...(at ? { kind: "at", at, zone: zone || null } : { kind: "now" }), ...urgent }).data;
}

/** Texts, picture and buttons; a key of `words/broadcast` where there is no text or are too many answers. */
function contentIn(form: URLSearchParams, languages: readonly string[]): Content | string {
  const field = (name: string): string => (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
  const named = (prefix: string) =>
    languages.flatMap((language) => {
      const text = field(`${prefix}-${language}`);
      return text === "" ? [] : [[language, text] as const];
    });
  const texts = named("text");
  if (texts.length === 0) return "broadcast.problem.empty";
  const lines = languages.map((language) => [language, field(`options-${language}`).split("\n")] as const);
  const most = Math.max(0, ...lines.map(([, answers]) => (answers.join("") === "" ? 0 : answers.length)));
  const options = Array.from({ length: most }, (_, index) =>
    Object.fromEntries(
      lines.flatMap(([language, answers]) => {
        const answer = answers[index]?.trim() ?? "";
        return answer === "" ? [] : [[language, answer]];
      }),
    ),
  );
  const ticked = (name: string): boolean => form.get(name) === "yes";
  const picture = field("pictureid");
  const found = contentSchema.safeParse({
    texts: Object.fromEntries(texts),
    next: ticked("next"),
    acknowledge: ticked("acknowledge"),
    options,
    reply: ticked("reply"),
    group: ticked("group"),
    ...(picture === "" ? {} : { picture: { id: picture, alt: Object.fromEntries(named("alt")) } }),
  });
  return found.success ? found.data : "broadcast.c.wrong.answers";
}
