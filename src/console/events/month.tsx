import type { JSX } from "preact";
import { Temporal } from "temporal-polyfill";
import type { ReachedEvent } from "../../events/reach.ts";
import type { T } from "./common.ts";

/** A month of training days, each on the day of its place; a table that scrolls where it is narrow. */
export function Month(given: {
  readonly t: T;
  readonly language: string;
  /** `2026-03`, as the address says it. */
  readonly month: string | null;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Kept in the links. */
  readonly keep: string;
  readonly days: readonly { readonly found: ReachedEvent; readonly name: string }[];
}): JSX.Element {
  const { t, language, now, keep, days } = given;
  const today = new Date(now).toISOString().slice(0, 7);
  const month = /^20\d\d-(?:0[1-9]|1[0-2])$/u.test(given.month ?? "") ? (given.month ?? today) : today;
  const first = Temporal.PlainDate.from(`${month}-01`);
  const start = first.subtract({ days: first.dayOfWeek - 1 });
  const weeks = Math.ceil((first.dayOfWeek - 1 + first.daysInMonth) / 7);
  const dayOf = ({ event }: ReachedEvent) =>
    Temporal.Instant.fromEpochMilliseconds(event.startsAt).toZonedDateTimeISO(event.timeZone).toPlainDate().toString();
  const link = (months: number) =>
    `/console/events?view=month&month=${first.add({ months }).toString().slice(0, 7)}${keep}`;
  const format = (options: Intl.DateTimeFormatOptions, date: Temporal.PlainDate) =>
    new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...options, timeZone: "UTC" }).format(
      Date.parse(`${date.toString()}T12:00:00Z`),
    );
  const caption = format({ month: "long", year: "numeric" }, first);
  return (
    <>
      <p class="row">
        <a href={link(-1)}>{t("events.month.before")}</a>
        <a href={link(1)}>{t("events.month.after")}</a>
      </p>
      {/* What scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section class="scroll" aria-label={caption} tabIndex={0}>
        <table class="month">
          <caption>{caption}</caption>
          <thead>
            <tr>
              {Array.from({ length: 7 }, (_, n) => (
                <th scope="col">{format({ weekday: "short" }, start.add({ days: n }))}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: weeks }, (_, week) => (
              <tr>
                {Array.from({ length: 7 }, (_, n) => {
                  const date = start.add({ days: week * 7 + n });
                  const own = days.filter(({ found }) => dayOf(found) === date.toString());
                  return (
                    <td>
                      <span class={date.month === first.month ? undefined : "soft"}>{date.day}</span>
                      {own.map(({ found, name }) => (
                        <p>
                          <a href={`/console/events/${found.event.id}`}>{name}</a>
                          {found.event.state === "cancelled" ? ` (${t("events.is.cancelled")})` : ""}
                        </p>
                      ))}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
