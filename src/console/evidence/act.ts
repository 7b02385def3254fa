import {
  acceptEvidence,
  destroyRecognisable,
  openEvidence,
  type Refusal,
  returnEvidence,
} from "../../evidence/review.ts";
import { look } from "../../privacy/look.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";

/** Accepts the ticked competences. */
export async function accept(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  return after(await acceptEvidence(deps, visit.standing, { id, competences: visit.form.getAll("competence") }), id, {
    said: "evidence.c.said.accepted",
  });
}

/** Sends an item back; a reason that names somebody is not kept. */
export async function back(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const found = await openEvidence({ ...deps, audit: async () => undefined }, visit.standing, id);
  if (found === undefined || found.decide === "missing") return { type: "missing" };
  const reason = (visit.form.get("reason") ?? "").replaceAll("\r\n", "\n");
  const products = deps.adapters.map(({ channel }) => channel);
  const { danger, findings } = look(reason, visit.language, products);
  if (danger || findings.length > 0) return { type: "go", to: `/evidence/${id}`, said: "evidence.c.said.guard" };
  return after(await returnEvidence(deps, visit.standing, { id, reason }), id, { said: "evidence.c.said.returned" });
}

/** Destroys an item in which somebody can be recognised. */
export async function destroy(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const ticked = visit.form.get("sure") === "yes";
  if (!ticked) {
    const found = await openEvidence({ ...deps, audit: async () => undefined }, visit.standing, id);
    if (found === undefined || found.decide === "missing") return { type: "missing" };
    return { type: "go", to: `/evidence/${id}`, said: "evidence.c.said.tick" };
  }
  return after(await destroyRecognisable(deps, visit.standing, id), id, { said: "evidence.c.said.destroyed" });
}

/** Where to go next: the list after a decision, the item where it was refused. */
function after(refusal: Refusal | undefined, id: string, { said }: { readonly said: string }): Answer {
  if (refusal === "missing") return { type: "missing" };
  if (refusal === undefined) return { type: "go", to: "/evidence", said };
  return { type: "go", to: `/evidence/${id}`, said: `evidence.c.said.${refusal}` };
}
