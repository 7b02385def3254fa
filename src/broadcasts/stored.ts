import { type Audience, audienceSchema, type Content, contentSchema, type Timing, timingSchema } from "./types.ts";

/** What a coordinator writes. */
export interface Written {
  readonly audience: Audience;
  readonly content: Content;
  readonly timing: Timing;
}

/** A broadcast as its pages show it. */
export interface Broadcast extends Written {
  readonly id: string;
  readonly organisationId: string;
  readonly state: string;
  readonly startsAt: number | null;
  readonly corrects: string | null;
  readonly createdAt: number;
}

/** What is stored of what a coordinator writes. */
export function columns({ audience, content, timing }: Written) {
  return {
    audience: JSON.stringify(audienceSchema.parse(audience)),
    content: JSON.stringify(contentSchema.parse(content)),
    timing: JSON.stringify(timingSchema.parse(timing)),
  };
}

/** A stored broadcast, read. */
export function shown(stored: {
  id: string;
  organisationId: string;
  state: string;
  audience: string;
  content: string;
  timing: string;
  startsAt: bigint | null;
  corrects: string | null;
  createdAt: bigint;
}): Broadcast {
  return {
    id: stored.id,
    organisationId: stored.organisationId,
    state: stored.state,
    audience: audienceSchema.parse(JSON.parse(stored.audience)),
    content: contentSchema.parse(JSON.parse(stored.content)),
    timing: timingSchema.parse(JSON.parse(stored.timing)),
    startsAt: stored.startsAt === null ? null : Number(stored.startsAt),
    corrects: stored.corrects,
    createdAt: Number(stored.createdAt),
  };
}
