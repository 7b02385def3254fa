import type { JSX } from "preact";
import type { PersonFacts } from "../broadcasts/facts.ts";
import type { Broadcast } from "../broadcasts/service.ts";
import type { Visit } from "./types.ts";

type T = (key: string, args?: Record<string, string | number>) => string;

/** People on one page of facts. */
export const pageSize = 50;

/** What became of a broadcast, person by person. */
export function Facts(given: {
  found: Broadcast;
  facts: readonly PersonFacts[];
  state: string | undefined;
  visit: Visit;
  t: T;
}): JSX.Element {
  const { found, facts, state, visit, t } = given;
  const when = new Intl.DateTimeFormat(visit.language, { dateStyle: "short", timeStyle: "short", timeZone: "UTC" });
  const instant = (at: number | null) => (at === null ? "–" : `${when.format(at)} UTC`);
  const address = `/console/broadcasts/${found.id}`;
  const last = facts.at(-1);
  return (
    <>
      <h2>{t("broadcast.c.facts")}</h2>
      <ul class="filters">
        {["sent", "failed", "unknown", "skipped"].map((one) => (
          <li>
            <a href={`${address}?state=${one}`} aria-current={one === state ? "true" : undefined}>
              {t(`broadcast.c.fact.${one}`)}
            </a>
          </li>
        ))}
      </ul>
      <div class="scroll">
        <table>
          <caption>{t("broadcast.c.facts")}</caption>
          <thead>
            <tr>
              {["name", "state", "reason", "fact.sent", "fact.delivered", "fact.acted", "fact.acknowledged"].map(
                (key) => (
                  <th scope="col">{t(`broadcast.c.${key}`)}</th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {facts.map((one) => (
              <tr>
                <th scope="row">{one.name}</th>
                <td>{t(`broadcast.c.fact.${one.state}`)}</td>
                <td>{reason(one.reason, t)}</td>
                <td>{instant(one.sentAt)}</td>
                <td>{instant(one.deliveredAt)}</td>
                <td>{instant(one.actedAt)}</td>
                <td>{instant(one.acknowledgedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {facts.length < pageSize || last === undefined ? null : (
        <p>
          <a
            href={`${address}?after=${encodeURIComponent(last.person)}${state === undefined ? "" : `&state=${state}`}`}
          >
            {t("broadcast.c.more")}
          </a>
        </p>
      )}
    </>
  );
}

/** A reason in words, with the platform's own code where there is one. */
function reason(given: string | null, t: T): string {
  if (given === null) return "";
  const [name = "", ...code] = given.split(":");
  const said = t(`broadcast.c.reason.${name}`);
  return code.length === 0 ? said : `${said} (${code.join(":")})`;
}
