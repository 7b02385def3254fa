import { audit } from "./audit.tsx";
import { broadcasts } from "./broadcasts.tsx";
import { caseload } from "./caseload.tsx";
import { cohortsSection } from "./cohorts.tsx";
import { exports } from "./exports.tsx";
import { inbox } from "./inbox.tsx";
import { organisations } from "./organisations.tsx";
import { people } from "./people.tsx";
import { person } from "./person.tsx";
import { roles } from "./roles.tsx";
import { today } from "./today.tsx";
import type { Section } from "./types.ts";

/** Every part of the console, in the order of the navigation. */
export const sections: readonly Section[] = [
  today,
  inbox,
  caseload,
  people,
  person,
  cohortsSection,
  broadcasts,
  exports,
  roles,
  organisations,
  audit,
];
