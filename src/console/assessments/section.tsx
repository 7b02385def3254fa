import type { Section } from "../types.ts";
import { act } from "./act.ts";
import { list } from "./list.tsx";
import { page } from "./page.tsx";

/** Assessments of people by people: the queue, one of them with its ratings side by side, and every step of a decision. */
export const assessments: Section = {
  path: "/assessments",
  name: "assess.c.title",
  routes: [
    { method: "get", path: "/assessments", action: "assessments.see", handle: list },
    { method: "get", path: "/assessments/:id", action: "assessments.see", handle: page },
    { method: "post", path: "/assessments/:id/claim", action: "assessments.rate", handle: act("claim") },
    { method: "post", path: "/assessments/:id/rate", action: "assessments.rate", handle: act("rate") },
    { method: "post", path: "/assessments/:id/back", action: "assessments.rate", handle: act("back") },
    { method: "post", path: "/assessments/:id/return", action: "assessments.rate", handle: act("return") },
    { method: "post", path: "/assessments/:id/decide", action: "assessments.decide", handle: act("decide") },
    { method: "post", path: "/assessments/:id/sign", action: "assessments.decide", handle: act("sign") },
  ],
};
