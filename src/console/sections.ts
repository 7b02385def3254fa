import { appointments } from "./appointments/section.tsx";
import { assessments } from "./assessments/section.tsx";
import { audit } from "./audit.tsx";
import { broadcasts } from "./broadcasts.tsx";
import { caseload } from "./caseload.tsx";
import { certificates } from "./certificates/list.tsx";
import { cohortsSection } from "./cohorts.tsx";
import { deputy } from "./deputy.tsx";
import { eventsSection } from "./events/index.tsx";
import { evidence } from "./evidence/section.tsx";
import { exports } from "./exports.tsx";
import { framework } from "./framework/section.tsx";
import { inbox } from "./inbox.tsx";
import { merge } from "./merge.tsx";
import { organisations } from "./organisations.tsx";
import { overview } from "./overview.tsx";
import { people } from "./people.tsx";
import { person } from "./person.tsx";
import { programmes } from "./programmes/section.ts";
import { quality } from "./quality/quality.tsx";
import { roles } from "./roles.tsx";
import { settings } from "./settings.tsx";
import { today } from "./today.tsx";
import type { Heading, Section } from "./types.ts";

const under = (heading: Heading, of: readonly Section[]) => of.map((section) => ({ ...section, heading }));

/** Every part of the console, in the order of the navigation. */
export const sections: readonly Section[] = [
  today,
  inbox,
  ...under("people", [people, person, merge, caseload, deputy, cohortsSection, broadcasts]),
  ...under("training", [eventsSection, evidence, assessments, appointments, certificates]),
  ...under("programmes", [overview, quality, framework, programmes]),
  ...under("house", [roles, organisations, settings, exports, audit]),
];
