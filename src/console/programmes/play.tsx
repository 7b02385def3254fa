import type { JSX } from "preact";
import { z } from "zod";
import type { Draft } from "../../authoring/drafts.ts";
import type { Beginning, PlayMessage, PlayMove } from "../../authoring/play.ts";
import type { Programme } from "../../domain/programme.ts";
import type { Reply } from "../../engine/types.ts";
import { Text } from "../../http/markup.tsx";
import { languageName } from "../broadcasts-form.tsx";
import { Form, SelectField } from "../fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, type T, textOf, titleOf } from "./common.ts";

/** After so many moves a play begins anew: it is played again from its beginning with every move. */
const mostMoves = 400;
/** Letters of one message, as in a chat. */
const mostTyped = 1000;

const begun = z.object({
  at: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  language: z.string(),
  unit: z.string().max(60),
  rev: z.coerce.number().int(),
});
const token = z.string().max(40);
const moves = z
  .array(
    z.discriminatedUnion("type", [
      z.object({ type: z.literal("press"), token, option: token }),
      z.object({ type: z.literal("text"), text: z.string().max(mostTyped) }),
    ]),
  )
  .max(mostMoves);

/** How a play begins. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await playable(visit, deps);
  if (found === undefined) return { type: "missing" };
  const { draft, programme } = found;
  const t = textOf(visit, deps);
  return {
    type: "page",
    title: t("play"),
    body: programme ? Start(draft, programme, visit, deps, t) : Broken(draft, t),
  };
}

/** One more move, or the first. Everything that was played is in the form, so no server has to remember it. */
export async function move(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await playable(visit, deps);
  if (found === undefined) return { type: "missing" };
  const { draft, programme } = found;
  const t = textOf(visit, deps);
  if (programme === undefined) return { type: "page", title: t("play"), body: Broken(draft, t) };
  const read = readForm(visit, deps);
  // Other files, another play: what was pressed may not be there any more.
  if (read === undefined || read.beginning.rev !== draft.rev)
    return { type: "go", to: `/programmes/${draft.id}/play`, said: "programmes.said.anew" };
  const { beginning, played } = read;
  const unit = programme.units.some(({ id }) => id === beginning.unit) ? { unit: beginning.unit } : {};
  const { at, language } = beginning;
  const start: Beginning = { at, ...whoReads(language, deps), ...unit };
  const messages = await deps.authoring.stage.play(programme, start, played);
  const hidden = { at, language, unit: beginning.unit, rev: draft.rev, moves: JSON.stringify(played) };
  const body = Chat(draft, messages, hidden, played.length < mostMoves, visit, t);
  return { type: "page", title: t("play"), body };
}

async function playable(visit: Visit, deps: ConsoleDeps) {
  const draft = await draftOf(visit, deps);
  return draft && { draft, programme: (await deps.authoring.findIn(draft)).programme };
}

/** The interface in this language where there is one, and the programme's texts in it. */
export function whoReads(language: string, { words }: ConsoleDeps): Pick<Beginning, "language" | "content"> {
  const own = words.match(language);
  return own === undefined ? { language: words.languages[0] ?? "en", content: language } : { language: own };
}

function readForm({ form }: Visit, _deps: ConsoleDeps) {
  const beginning = begun.safeParse(Object.fromEntries(form));
  const before = moves.safeParse(parsed(form.get("moves") ?? "[]"));
  if (!beginning.success || !before.success) return undefined;
  const [press = "", typed = ""] = [form.get("press") ?? "", (form.get("text") ?? "").trim()];
  const [pressed = "", option = ""] = press.split(" ");
  const next: readonly PlayMove[] =
    press !== ""
      ? [{ type: "press", token: pressed, option }]
      : typed !== ""
        ? [{ type: "text", text: typed.slice(0, mostTyped) }]
        : [];
  const played = moves.safeParse([...before.data, ...next]);
  return played.success ? { beginning: beginning.data, played: played.data } : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function Broken(draft: Draft, t: T): JSX.Element {
  return (
    <>
      <p>{t("play.broken")}</p>
      <p>
        <a href={`/console/programmes/${draft.id}`}>{t("back", { programme: draft.programme })}</a>
      </p>
    </>
  );
}

function Start(draft: Draft, programme: Programme, visit: Visit, deps: ConsoleDeps, t: T): JSX.Element {
  const languages = programme.languages.map((value) => ({ value, label: languageName(value, visit.language) }));
  const units = programme.units.map(({ id, title }) => ({
    value: id,
    label: t("play.unit", { unit: titleOf({ ...programme, title }, visit.language) }),
  }));
  return (
    <>
      <p>
        <a href={`/console/programmes/${draft.id}`}>{t("back", { programme: draft.programme })}</a>
      </p>
      <p>{t("play.what")}</p>
      <Form action={`/console/programmes/${draft.id}/play#now`} csrf={visit.csrf}>
        <input type="hidden" name="at" value={deps.now()} />
        <input type="hidden" name="rev" value={draft.rev} />
        <SelectField id="language" label={t("play.language")} options={languages} />
        <SelectField id="unit" label={t("play.from")} options={[...units, { value: "", label: t("play.welcome") }]} />
        <button type="submit" class="main">
          {t("play.start")}
        </button>
      </Form>
    </>
  );
}

function Chat(
  draft: Draft,
  messages: readonly PlayMessage[],
  hidden: Readonly<Record<string, string | number>>,
  goesOn: boolean,
  visit: Visit,
  t: T,
): JSX.Element {
  const at = `/console/programmes/${draft.id}/play`;
  const newest = messages.findLastIndex(({ from }) => from === "player") + 1;
  return (
    <>
      <p>
        <a href={at}>{t("play.again")}</a>
      </p>
      <p class="soft">{t("play.what")}</p>
      <Form action={`${at}#now`} csrf={visit.csrf} plain>
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {/* Enter in the field sends what was typed, not the first button of the chat. */}
        <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        <ol class="play" lang={String(hidden.language)}>
          {messages.map((message, index) => (
            <li class={message.from} id={index === newest ? "now" : undefined}>
              {message.from === "player" ? <p>{message.text}</p> : <Said reply={message.reply} goesOn={goesOn} />}
            </li>
          ))}
        </ol>
        {goesOn ? (
          <div class="play-field">
            <label for="text">{t("play.text")}</label>
            <input id="text" name="text" maxLength={mostTyped} autocomplete="off" />
            <button type="submit" class="main">
              {t("play.send")}
            </button>
          </div>
        ) : (
          <p>{t("play.long")}</p>
        )}
      </Form>
    </>
  );
}

/** A message with its buttons. One that opens a page is only named: the play has no pages. */
function Said({ reply, goesOn }: { readonly reply: Reply; readonly goesOn: boolean }): JSX.Element {
  const { text, image, choices = [], actions = [], token: own } = reply;
  const button = (option: string, label: string, main: boolean) => (
    <button type="submit" name="press" value={`${own} ${option}`} class={main ? "main" : undefined}>
      {label}
    </button>
  );
  return (
    <>
      <Text markup={text} />
      {image === undefined ? null : <p class="soft">{image.alt}</p>}
      {own === undefined || !goesOn ? null : (
        <div class="row">
          {choices.map(({ option, mark, label }) => button(option, `${mark} · ${label}`, false))}
          {actions.map(({ option, label, url, primary }) =>
            url === undefined ? button(option, label, primary === true) : <span class="soft">{label}</span>,
          )}
        </div>
      )}
    </>
  );
}
