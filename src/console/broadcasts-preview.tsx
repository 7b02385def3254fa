import type { JSX } from "preact";
import { platformName } from "../broadcasts/check.ts";
import { compose, firstName, withName } from "../broadcasts/content.ts";
import type { Broadcast } from "../broadcasts/service.ts";
import type { Adapter, Shown, ShownPiece } from "../engine/adapter.ts";
import type { Reply } from "../engine/types.ts";
import { Text } from "../http/markup.tsx";
import { languageName } from "./broadcasts-form.tsx";
import type { ConsoleDeps, Visit } from "./types.ts";

type T = (key: string, args?: Record<string, string | number>) => string;

/** The message on each platform that is switched on, in each language it is written in, as it will be seen there. */
export function Previews(given: { found: Broadcast; visit: Visit; deps: ConsoleDeps; t: T }): JSX.Element {
  const { found, visit, deps, t } = given;
  const { content, audience } = found;
  return (
    <section>
      <h2>{t("broadcast.c.preview")}</h2>
      <p class="soft">{t("broadcast.c.preview.about")}</p>
      {Object.entries(content.texts).map(([language, text]) => {
        const frame = { broadcast: found.id, token: "preview", topic: audience.topic };
        const named = withName(text, firstName(visit.person.name));
        const { reply } = compose(content, language, named, frame, deps.words);
        const name = languageName(language, visit.language);
        return (
          <>
            <h3>{name}</h3>
            <div class="previews">
              {deps.adapters.map((adapter) => (
                <PlatformPreview
                  {...{ adapter, reply, language, name, t }}
                  picture={`/console/broadcasts/${found.id}?picture=1`}
                />
              ))}
            </div>
          </>
        );
      })}
    </section>
  );
}

/** A message as one platform shows it; nothing where it draws none. `name` is the language's; `picture` where its picture is. */
export function PlatformPreview(given: {
  adapter: Adapter;
  reply: Reply;
  language: string;
  name: string;
  t: T;
  picture?: string;
}): JSX.Element | null {
  const { adapter, reply, language, name, t, picture } = given;
  const platform = platformName(adapter);
  const { parts, shown } = adapter.preview(reply, language);
  if (shown === undefined) return null;
  return (
    <article class="preview">
      <h4>{t("broadcast.c.preview.of", { platform, language: name })}</h4>
      <div class={`look ${shown.look}`} lang={language}>
        {shown.messages.map((pieces) => (
          <div class="message">
            {pieces.map((piece) => (
              <Piece piece={piece} picture={picture} />
            ))}
          </div>
        ))}
      </div>
      {notesOn(reply, shown).map((note) => (
        <p class="note">{t(`broadcast.c.note.${note}`, { platform, parts: shown.messages.length })}</p>
      ))}
      <details>
        <summary>{t("broadcast.c.payload")}</summary>
        <pre>{JSON.stringify(parts, null, 2)}</pre>
      </details>
    </article>
  );
}

/** A button of a preview cannot be pressed, so it is none. */
function Piece({ piece, picture }: { piece: ShownPiece; picture: string | undefined }): JSX.Element {
  switch (piece.type) {
    case "text":
      return <Text markup={piece.text} />;
    case "picture":
      return <img src={picture} alt={piece.alt} />;
    case "buttons":
      return (
        <>
          {piece.rows.map((row) => (
            <p class="keys">
              {row.map((label) => (
                <span class="key">{label}</span>
              ))}
            </p>
          ))}
        </>
      );
  }
}

/** What a platform does differently from what was written: each is a key of `broadcast.c.note.*`. */
function notesOn(reply: Reply, { messages }: Shown): readonly string[] {
  const pieces = messages.flat();
  const labels = pieces.flatMap((piece) => (piece.type === "buttons" ? piece.rows.flat() : []));
  const text = JSON.stringify(pieces.filter((piece) => piece.type === "text"));
  const { image, choices = [], actions = [] } = reply;
  const pictured = pieces.some((piece) => piece.type === "picture");
  const stands = (label: string): boolean => labels.some((one) => one.includes(label));
  const cut = (label: string): boolean =>
    !stands(label) && labels.some((one) => one.endsWith("…") && label.startsWith(one.slice(0, -1).trim()));
  const gone = (label: string): boolean => !stands(label) && !cut(label);
  return [
    ...(messages.length > 1 ? ["split"] : []),
    ...(image !== undefined && !pictured ? ["described"] : []),
    ...(image !== undefined && pictured && text.includes(JSON.stringify(image.alt).slice(1, -1)) ? ["caption"] : []),
    ...(choices.some(({ label }) => gone(label)) ? [labels.length > 0 ? "printed" : "listed"] : []),
    ...(actions.some(({ label }) => gone(label)) ? ["nobuttons"] : []),
    ...([...choices, ...actions].some(({ label }) => cut(label)) ? ["shortened"] : []),
  ];
}
