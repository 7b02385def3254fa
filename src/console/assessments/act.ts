import { z } from "zod";
import { countersign, decide } from "../../assessments/decide.ts";
import { claim, giveBack, rate, returnIt, submit } from "../../assessments/steps.ts";
import { mostCharacters } from "../../assessments/texts.ts";
import { done, type Outcome, type Refusal } from "../../assessments/types.ts";
import { competencesOf } from "../../domain/framework.ts";
import { look } from "../../privacy/look.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { assessmentDeps, assessmentSeen, type Visible } from "./seen.ts";

const words = z.string().trim().max(mostCharacters);
const decision = z.object({ verdict: z.enum(["awarded", "refused"]), text: words });
const yesNo = z.enum(["yes", "no"]);

type Step = "claim" | "rate" | "back" | "return" | "decide" | "sign";
/** What came of a form: a step's outcome, or a text that may not be kept. */
type Came = Outcome | { readonly ok: false; readonly why: Refusal | "guard" };

/** One step of an assessment from a page: asks who may, does it, says what came of it. */
export function act(step: Step): (visit: Visit, deps: ConsoleDeps) => Promise<Answer> {
  return async (visit, deps) => {
    const visible = await assessmentSeen(visit, deps);
    if (visible === undefined || !visible.whole) return { type: "missing" };
    const { row } = visible.found;
    const came = await work(step, visible, visit, deps);
    if (!came.ok && (came.why === "notyours" || came.why === "own" || came.why === "gone")) return { type: "missing" };
    const to = `/assessments/${row.id}`;
    if (!came.ok) return { type: "go", to, said: `assess.no.${came.why}` };
    const { personId: subject, organisationId } = row;
    await deps.audit({ actor: visit.person.id, action: `assessment.${step}`, subject, organisationId });
    return { type: "go", to, said: saidOf(step, visit) };
  };
}

function saidOf(step: Step, { form }: Visit): string {
  if (step === "rate") return form.get("step") === "submit" ? "assess.said.submit" : "assess.c.said.rate";
  return step === "claim" ? "assess.c.said.claim" : `assess.said.${step}`;
}

async function work(step: Step, { found }: Visible, visit: Visit, deps: ConsoleDeps): Promise<Came> {
  const own = assessmentDeps(deps);
  const me = visit.person.id;
  const { id } = found.row;
  const { form } = visit;
  const isClean = (text: string): boolean => {
    const platforms = deps.adapters.map(({ channel }) => channel);
    const { danger, findings } = look(text, visit.language, platforms);
    return !danger && findings.length === 0;
  };
  switch (step) {
    case "claim":
      return claim(own, me, id);
    case "back":
      return giveBack(own, me, id, form.get("biased") === "yes");
    case "return": {
      const text = words.safeParse(form.get("text") ?? "");
      if (!text.success) return { ok: false, why: "reason" };
      return isClean(text.data) ? returnIt(own, me, id, text.data) : { ok: false, why: "guard" };
    }
    case "decide": {
      const read = decision.safeParse(Object.fromEntries(form));
      if (!read.success) return { ok: false, why: "reason" };
      const { verdict, text } = read.data;
      return isClean(text) ? decide(own, me, { id, verdict, reason: text }) : { ok: false, why: "guard" };
    }
    case "sign": {
      const agrees = yesNo.safeParse(form.get("agrees"));
      return agrees.success ? countersign(own, me, id, agrees.data === "yes") : { ok: false, why: "turn" };
    }
    case "rate":
      return rateAll();
  }

  /** Keeps everything that may be kept; the first thing that may not be is said. */
  async function rateAll(): Promise<Came> {
    const { framework } = found.programme;
    let refused: Came = done;
    for (const { id: competence } of framework === undefined ? [] : competencesOf(framework)) {
      const typed = form.get(`level.${competence}`);
      if (typed === null) continue;
      const level = /^\d{1,2}$/u.test(typed) ? Number(typed) : -1;
      const text = words.safeParse(form.get(`reason.${competence}`) ?? "");
      const reason = text.success && (text.data === "" || isClean(text.data)) ? text.data : undefined;
      if (reason === undefined && refused.ok) refused = { ok: false, why: "guard" };
      const outcome = await rate(own, me, { id, competence, level, ...(reason === undefined ? {} : { reason }) });
      if (!outcome.ok) return outcome;
    }
    if (!refused.ok || form.get("step") !== "submit") return refused;
    return submit(own, me, id);
  }
}
