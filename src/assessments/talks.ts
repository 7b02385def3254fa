import type { AppointmentKind } from "../appointments/types.ts";
import { talkMinutes } from "../domain/appointment.ts";
import { caseOf } from "./case.ts";
import { seatOf } from "./steps.ts";
import type { AssessmentDeps } from "./types.ts";

/** A talk with whoever is assessed: proposed by somebody who assesses them, while they do. */
export function assessmentTalks(deps: Pick<AssessmentDeps, "db" | "catalogue" | "now">): AppointmentKind {
  return {
    minutes: talkMinutes,
    async whom(me, about) {
      const found = await caseOf(deps, about);
      if (found === undefined) return { refused: "gone" };
      if (found.next === "over") return { refused: "over" };
      return seatOf(found.row, me) === undefined ? { refused: "notyours" } : { personId: found.row.personId };
    },
  };
}
