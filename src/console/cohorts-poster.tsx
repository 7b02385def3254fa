import { toString as qr } from "qrcode";
import { cohortFor } from "../cohorts/reach.ts";
import type { JoinWay } from "../engine/adapter.ts";
import { loadSettings } from "../people/settings.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** A page to print: the code, and for each platform a picture to scan. */
export const cohortPosterRoutes: readonly Route[] = [
  { method: "get", path: "/cohorts/:id/poster", action: "cohorts.see", handle: poster },
];

async function poster(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await cohortFor(deps.store.db, visit.standing, visit.params.id ?? "");
  const code = found?.cohort.code ?? null;
  if (found === undefined || code === null) return { type: "missing" };
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const ways = await Promise.all(
    (await waysOf(deps, code)).map(async (way) => ({
      ...way,
      picture: await qr(way.url, { type: "svg", margin: 2, errorCorrectionLevel: "M", width: 220 }),
    })),
  );
  const settings = await loadSettings(deps.store.db);
  const own = visit.standing.withinSome("cohorts.see");
  // Of the organisations responsible for it the first, the leading one before others, that this visitor works in and that has one.
  const part = found.parts.find((one) => own.includes(one.organisationId) && settings.of(one.organisationId).logo);
  const logo = part && settings.of(part.organisationId).logo;
  return {
    type: "page",
    title: found.cohort.name,
    body: (
      <>
        {logo === undefined ? null : (
          <p>
            <img
              class="logo large"
              src={`/console/logos/${logo}`}
              alt={deps.words.text(visit.language, "house.logo.alt", { name: part?.name || "Fadder" })}
            />
          </p>
        )}
        <p>{t("cohorts.poster.text")}</p>
        <p>
          <strong>{t("cohorts.poster.code", { code })}</strong>
        </p>
        <ul class="cards">
          {ways.map((way) => (
            <li class="card">
              <h2>{way.name}</h2>
              {/* Drawn here from an address of ours; nothing in it was written by a person. */}
              <div
                role="img"
                aria-label={t("cohorts.poster.picture", { name: way.name })}
                dangerouslySetInnerHTML={{ __html: way.picture }}
              />
              <p>
                <a href={way.url}>{way.url}</a>
              </p>
              {way.complete ? null : <p>{t("cohorts.poster.then", { code })}</p>}
            </li>
          ))}
        </ul>
        <p class="hint">{t("cohorts.poster.print")}</p>
      </>
    ),
  };
}

/** The ways into a cohort on every platform that is switched on. A platform that does not answer is left out. */
async function waysOf(deps: ConsoleDeps, code: string): Promise<readonly JoinWay[]> {
  const found = await Promise.allSettled(deps.adapters.map((adapter) => adapter.joinWays?.(code) ?? []));
  return found.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}
