import type { ComponentChildren, JSX } from "preact";
import { usualReminders, usualTimes } from "../domain/check-in.ts";
import { dayMs } from "../domain/durations.ts";
import { leastRetention, retentionBounds, retentionOf, type Settings } from "../people/settings.ts";
import { checkInsFor, phases } from "../supervision/members.ts";
import { Form, TextField } from "./fields.tsx";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** The fields of a form as an organisation's own settings fill them. */
export function fieldsOf(own: Settings): URLSearchParams {
  const { signatory, answeringHours, hotlines = [], retention = {}, checkIns = {}, sessions = {} } = own;
  const fields = new URLSearchParams({
    "signatory-name": signatory?.name ?? "",
    "signatory-title": signatory?.title ?? "",
    from: answeringHours?.from ?? "",
    to: answeringHours?.to ?? "",
    hotlines: linesOf(hotlines).join("\n"),
  });
  for (const day of answeringHours?.days ?? []) fields.append("day", String(day));
  for (const [name, days] of Object.entries(retention)) fields.set(`retention-${name}`, String(days));
  for (const [name, days] of Object.entries(checkIns)) fields.set(`checkIns-${name}`, String(days ?? 0));
  const { reminders, ...minutes } = sessions;
  for (const [name, count] of Object.entries(minutes)) fields.set(`sessions-${name}`, String(count));
  if (reminders !== undefined) fields.set("sessions-reminders", reminders.join(", "));
  return fields;
}

interface Given {
  readonly text: Text;
  readonly language: string;
  readonly csrf: string;
  readonly id: string;
  readonly name: string;
  readonly fields: URLSearchParams;
  readonly own: Settings;
  /** What counts where this organisation says nothing. */
  readonly above: Settings;
}

/** Everything an organisation can decide, each part with what counts if it says nothing. */
export function SettingsForm(given: Given): JSX.Element {
  const { text, csrf, id, fields, above } = given;
  const value = (name: string): string => fields.get(name) ?? "";
  const kept = retentionOf(above);
  const usual = checkInsFor(above.checkIns);
  const names = Object.keys(retentionBounds) as readonly (keyof typeof retentionBounds)[];
  return (
    <Form action={`/console/settings/${id}`} csrf={csrf} files>
      <Logo {...given} />
      <Part title={text("signatory")} hint={aboveOf(text, signatoryOf(above))}>
        <TextField id="signatory-name" label={text("signatory.name")} value={value("signatory-name")} most={100} />
        <TextField id="signatory-title" label={text("signatory.title")} value={value("signatory-title")} most={100} />
      </Part>
      <Hours {...given} />
      <Part title={text("hotlines")} hint={aboveOf(text, linesOf(above.hotlines ?? []).join("; "))}>
        <label class="visually-hidden" for="hotlines">
          {text("hotlines")}
        </label>
        <p class="hint" id="hotlines-hint">
          {text("hotlines.hint")}
        </p>
        <textarea id="hotlines" name="hotlines" maxLength={1000} aria-describedby="hotlines-hint">
          {value("hotlines")}
        </textarea>
      </Part>
      <Part title={text("checkIns")} hint={text("checkIns.hint")}>
        {phases.map((phase) => (
          <TextField
            id={`checkIns-${phase}`}
            type="number"
            label={text(`checkIns.${phase}`)}
            hint={text("above", { value: usual[phase] ?? text("never") })}
            value={value(`checkIns-${phase}`)}
          />
        ))}
      </Part>
      <Part title={text("sessions")} hint={text("sessions.hint")}>
        {(["before", "after", "late", "rotate"] as const).map((name) => (
          <TextField
            id={`sessions-${name}`}
            type="number"
            label={text(`sessions.${name}`)}
            hint={text("above", { value: above.sessions?.[name] ?? usualTimes[name] })}
            value={value(`sessions-${name}`)}
          />
        ))}
        <TextField
          id="sessions-reminders"
          label={text("sessions.reminders")}
          hint={text("above", { value: (above.sessions?.reminders ?? usualReminders).join(", ") })}
          value={value("sessions-reminders")}
        />
      </Part>
      <Part title={text("retention")} hint={text("retention.hint", { least: leastRetention })}>
        {names.map((name) => (
          <TextField
            id={`retention-${name}`}
            type="number"
            label={text(`retention.${name}`)}
            hint={`${text("above", { value: kept[name] })}; ${text("retention.most", { most: retentionBounds[name] })}`}
            value={value(`retention-${name}`)}
          />
        ))}
      </Part>
      <button type="submit" class="main">
        {text("save")}
      </button>
    </Form>
  );
}

function Part(given: {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <fieldset>
      <legend>{given.title}</legend>
      {given.hint === undefined ? null : <p class="hint">{given.hint}</p>}
      {given.children}
    </fieldset>
  );
}

function Logo({ text, name, own, above }: Given): JSX.Element {
  const shown = own.logo ?? above.logo;
  return (
    <Part title={text("logo")} hint={text("logo.hint")}>
      {shown === undefined ? null : (
        <p>
          <img class="logo" src={`/console/logos/${shown}`} alt={text("logo.alt", { name })} />
        </p>
      )}
      <label for="logo">{text("logo.file")}</label>
      <input id="logo" name="logo" type="file" accept="image/png,image/jpeg" />
      {own.logo === undefined ? null : (
        <label class="tick">
          <input type="checkbox" name="logo-remove" value="yes" />
          {text("logo.remove")}
        </label>
      )}
    </Part>
  );
}

function Hours({ text, language, fields, above }: Given): JSX.Element {
  const chosen = new Set(fields.getAll("day"));
  return (
    <Part title={text("answeringHours")} hint={aboveOf(text, hoursOf(above, language))}>
      <p class="hint">{text("answeringHours.hint")}</p>
      <fieldset>
        <legend>{text("days")}</legend>
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <label class="tick">
            <input type="checkbox" name="day" value={String(day)} checked={chosen.has(String(day))} />
            {dayName(language, day, "long")}
          </label>
        ))}
      </fieldset>
      <TextField id="from" label={text("from")} hint={text("time.hint")} value={fields.get("from") ?? ""} most={5} />
      <TextField id="to" label={text("to")} hint={text("time.hint")} value={fields.get("to") ?? ""} most={5} />
    </Part>
  );
}

function aboveOf(text: Text, value: string): string | undefined {
  return value === "" ? undefined : text("above", { value });
}

function signatoryOf({ signatory }: Settings): string {
  return signatory === undefined ? "" : [signatory.name, signatory.title].filter((one) => one !== "").join(", ");
}

function hoursOf({ answeringHours: hours }: Settings, language: string): string {
  if (hours === undefined) return "";
  const days = hours.days.map((day) => dayName(language, day, "short"));
  return `${days.join(", ")} ${hours.from}–${hours.to}`;
}

const linesOf = (hotlines: NonNullable<Settings["hotlines"]>): readonly string[] =>
  hotlines.map(({ label, number }) => `${label}: ${number}`);

/** Monday is 1; the fifth of January 1970 was one. */
function dayName(language: string, day: number, length: "long" | "short"): string {
  return new Intl.DateTimeFormat(language, { weekday: length, timeZone: "UTC" }).format((day + 3) * dayMs);
}
