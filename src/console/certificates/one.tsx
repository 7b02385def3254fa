import { type AwardRow, displayIn, type Reason, reasons, standingAt, untilOf } from "../../certificates/award.ts";
import { inFirst } from "../../certificates/facts.ts";
import { createFiles } from "../../certificates/files.ts";
import { endOf, extensionId, lastDayOf, nextInstant } from "../../certificates/life.ts";
import { pageLink } from "../../certificates/links.ts";
import { type Became, tellCertified } from "../../certificates/tell.ts";
import { laterDay } from "../../domain/calendar.ts";
import { tell } from "../../inbox/tell.ts";
import type { Action } from "../../people/access.ts";
import { rootId } from "../../people/standing.ts";
import { Form, SelectField } from "../fields.tsx";
import { showDay, showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";

/** What can be done with one certificate. */
export const oneRoutes: readonly Route[] = [
  { method: "get", path: "/certificates/:id/pdf", action: "certificates.see", handle: download },
  { method: "post", path: "/certificates/:id/withdraw", action: "certificates.withdraw", handle: withdraw },
  { method: "post", path: "/certificates/:id/extension", action: "certificates.award", handle: extension },
];

/** The certificate that a visitor may do this with; an erased one is nobody's. */
async function seen(visit: Visit, deps: ConsoleDeps, action: Action): Promise<AwardRow | undefined> {
  const row = await deps.store.db.award.findUnique({ where: { id: visit.params.id ?? "" } });
  if (row === null || row.personId === null) return undefined;
  const place = { organisationId: row.organisationId ?? rootId, programme: row.programme };
  return visit.standing.may(action, place) ? row : undefined;
}

const aboutOf = (row: AwardRow) => ({
  ...(row.personId === null ? {} : { subject: row.personId }),
  organisationId: row.organisationId ?? rootId,
});

/** One certificate with its history; whoever may, takes it back here. */
export async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const row = await seen(visit, deps, "certificates.see");
  if (row === undefined) return { type: "missing" };
  const { language } = visit;
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(language, key, args);
  const display = displayIn(row);
  const standing = standingAt(row, deps.now());
  const name = deps.open("certificate", row.name, `${row.id}:name`);
  await deps.audit({ actor: visit.person.id, action: "certificate.see", ...aboutOf(row), detail: { award: row.id } });
  const history = (await deps.store.db.audit.findMany({ where: { subject: row.personId }, orderBy: { id: "asc" } }))
    .filter(({ action, detail }) => action.startsWith("certificate.") && JSON.parse(detail).award === row.id)
    .filter(({ action }) => action !== "certificate.see");
  const until = untilOf(row);
  const lines: readonly (readonly [string, string])[] = [
    [t("certificates.page.name"), name],
    [t("certificates.page.level"), display.level === undefined ? "–" : inFirst(display.level, language)],
    [t("certificates.page.programme"), `${inFirst(display.programme, language)} ${row.version}`],
    [t("certificates.page.issuer"), display.issuer.name],
    [t("certificates.console.state"), t(`certificates.console.state.${standing}`)],
    [t("certificates.paper.issued"), showDay(language, Number(row.issuedAt))],
    [t("certificates.paper.until"), until === null ? t("certificates.paper.always") : showDay(language, until)],
    [t("certificates.page.number"), row.id],
  ];
  const request = row.state === "valid" ? await requestOf(deps, row.id) : null;
  const mayAward = (await seen(visit, deps, "certificates.award")) !== undefined;
  const mayWithdraw = row.state === "valid" && (await seen(visit, deps, "certificates.withdraw")) !== undefined;
  return {
    type: "page",
    title: inFirst(display.title, language),
    body: (
      <>
        <dl>
          {lines.map(([label, value]) => (
            <>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
        <p>
          <a href={`/console/certificates/${row.id}/pdf`}>{t("certificates.console.pdf")}</a>
        </p>
        <p>
          <a href={pageLink(deps.certificates, row.token)}>{t("certificates.console.page")}</a>
        </p>
        <h2>{t("certificates.console.history")}</h2>
        <ul>
          {history.map(({ at, action, detail }) => {
            const { reason } = JSON.parse(detail) as { readonly reason?: string };
            const why = reasons.find((known) => known === reason);
            return (
              <li>
                {`${showTime(language, Number(at))}: ${t(`certificates.console.${action}`)}`}
                {why === undefined ? "" : ` (${t(`certificates.reason.${why}`)})`}
              </li>
            );
          })}
        </ul>
        {request !== null && mayAward ? (
          <>
            <h2>{t("award.console.request")}</h2>
            <p class="hint">{t("award.console.request.text")}</p>
            {(["yes", "no"] as const).map((granted) => (
              <Form action={`/console/certificates/${row.id}/extension`} csrf={visit.csrf} plain>
                <input type="hidden" name="granted" value={granted} />
                <button type="submit" class={granted === "yes" ? "main" : undefined}>
                  {t(`award.console.grant.${granted}`)}
                </button>
              </Form>
            ))}
          </>
        ) : null}
        {mayWithdraw ? (
          <>
            <h2>{t("certificates.console.withdraw")}</h2>
            <p class="hint">{t("certificates.console.withdraw.text")}</p>
            <Form action={`/console/certificates/${row.id}/withdraw`} csrf={visit.csrf}>
              <SelectField
                id="reason"
                label={t("certificates.console.reason")}
                options={reasons.map((value) => ({ value, label: t(`certificates.reason.${value}`) }))}
              />
              <button type="submit" class="danger">
                {t("certificates.console.withdraw.button")}
              </button>
            </Form>
          </>
        ) : null}
      </>
    ),
  };
}

async function download(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const row = await seen(visit, deps, "certificates.see");
  if (row === undefined) return { type: "missing" };
  const files = createFiles({ words: deps.words, origin: deps.certificates.origin, open: deps.open });
  const { mime, body } = await files(row, "pdf");
  await deps.audit({
    actor: visit.person.id,
    action: "certificate.download",
    ...aboutOf(row),
    detail: { award: row.id },
  });
  return { type: "file", name: "certificate.pdf", mime, body };
}

async function withdraw(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const row = await seen(visit, deps, "certificates.withdraw");
  if (row === undefined || row.personId === null) return { type: "missing" };
  const to = `/certificates/${row.id}`;
  const reason: Reason | undefined = reasons.find((known) => known === visit.form.get("reason"));
  if (reason === undefined) return { type: "go", to, said: "certificates.console.noreason" };
  if (!(await deps.certificates.withdraw(row.id, reason, visit.person.id)))
    return { type: "go", to, said: "certificates.console.already" };
  await news(deps, row.id, "withdrawn");
  return { type: "go", to, said: "certificates.console.done" };
}

/** Lets its person's own turn keep and say what became of a certificate. */
async function news(deps: ConsoleDeps, id: string, became: Became): Promise<void> {
  const { receive, now } = deps;
  const { db } = deps.store;
  await tellCertified({ db, receive, now }, await db.award.findUniqueOrThrow({ where: { id } }), became);
}

/** The open request for more time, where there is one. */
function requestOf(deps: ConsoleDeps, award: string) {
  return deps.store.db.approval.findFirst({
    where: { id: extensionId(award), decidedAt: null, expiresAt: { gt: BigInt(deps.now()) } },
  });
}

/** Grants or refuses more time; nobody decides about their own. */
async function extension(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const row = await seen(visit, deps, "certificates.award");
  const { personId } = row ?? {};
  if (row === undefined || !personId || personId === visit.person.id) return { type: "missing" };
  const to = `/certificates/${row.id}`;
  const { db } = deps.store;
  const granted = visit.form.get("granted") === "yes";
  const at = deps.now();
  const { count } = await db.approval.updateMany({
    where: { id: extensionId(row.id), decidedAt: null, expiresAt: { gt: BigInt(at) } },
    data: { granted, decidedBy: visit.person.id, decidedAt: BigInt(at) },
  });
  if (count === 0) return { type: "go", to, said: "certificates.console.already" };
  if (!granted) {
    await deps.audit({
      actor: visit.person.id,
      action: "certificate.refuse",
      ...aboutOf(row),
      detail: { award: row.id },
    });
    await tell({ db, receive: deps.receive, now: deps.now }, `extension:${row.id}:${at}`, personId, "extension", {});
    return { type: "go", to, said: "award.console.refused" };
  }
  const validity = deps.catalogue
    .get(row.programme, row.version)
    ?.certification?.certificates.find(({ id }) => id === row.certificate)?.validity;
  const until = untilOf(row);
  const person = await db.person.findUnique({ where: { id: personId }, select: { timeZone: true } });
  if (validity === undefined || until === null || person === null) return { type: "missing" };
  const longer = laterDay(lastDayOf(until, person.timeZone), validity.extensionMonths);
  if (!(await deps.certificates.extend(row.id, endOf(longer, person.timeZone), visit.person.id)))
    return { type: "go", to, said: "certificates.console.already" };
  const nextAt = nextInstant(longer, validity, person.timeZone, at);
  await db.award.update({ where: { id: row.id }, data: { nextAt: nextAt === undefined ? null : BigInt(nextAt) } });
  await news(deps, row.id, "extended");
  return { type: "go", to, said: "award.console.extended" };
}
