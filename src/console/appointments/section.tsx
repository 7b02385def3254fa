import type { Section } from "../types.ts";
import { act } from "./act.ts";
import { list } from "./list.tsx";

/** Appointments with learners: what is proposed and agreed, and every step of them that a chat has. */
export const appointments: Section = {
  path: "/appointments",
  name: "appointment.c.title",
  routes: [
    { method: "get", path: "/appointments", action: "appointments", handle: list },
    { method: "post", path: "/appointments/propose", action: "appointments", handle: act("propose") },
    { method: "post", path: "/appointments/:id/pick", action: "appointments", handle: act("pick") },
    { method: "post", path: "/appointments/:id/cancel", action: "appointments", handle: act("cancel") },
    { method: "post", path: "/appointments/:id/held", action: "appointments", handle: act("held") },
  ],
};
