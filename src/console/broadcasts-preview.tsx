import type { JSX } from "preact";
import { platformName } from "../broadcasts/check.ts";
import { compose, withName } from "../broadcasts/content.ts";
import type { Broadcast } from "../broadcasts/service.ts";
import { Text } from "../http/markup.tsx";
import { languageName } from "./broadcasts-form.tsx";
import type { ConsoleDeps, Visit } from "./types.ts";

type T = (key: string, args?: Record<string, string | number>) => string;

/** The message on each platform that is switched on, in each language it is written in. */
export function Previews(given: { found: Broadcast; visit: Visit; deps: ConsoleDeps; t: T }): JSX.Element {
  const { found, visit, deps, t } = given;
  const { content, audience } = found;
  return (
    <section>
      <h2>{t("broadcast.c.preview")}</h2>
      {deps.adapters.flatMap((adapter) =>
        Object.entries(content.texts).map(([language, text]) => {
          const frame = { broadcast: found.id, token: "preview", topic: audience.topic };
          const { reply } = compose(content, language, withName(text, visit.person.name), frame, deps.words);
          const name = languageName(language, visit.language);
          return (
            <article lang={language} class="preview">
              <h3>{t("broadcast.c.preview.of", { platform: platformName(adapter), language: name })}</h3>
              <Text markup={reply.text} />
              {(reply.choices ?? []).map((choice) => (
                <p>
                  <span class="button">{`${choice.mark} ${choice.label}`}</span>
                </p>
              ))}
              {(reply.actions ?? []).map((action) => (
                <p>
                  <span class="button">{action.label}</span>
                </p>
              ))}
              <details>
                <summary>{t("broadcast.c.payload")}</summary>
                <pre class="scroll">{JSON.stringify(adapter.preview(reply).parts, null, 2)}</pre>
              </details>
            </article>
          );
        }),
      )}
    </section>
  );
}
