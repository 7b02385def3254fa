import type { HandedRow, Lease, OutboxWrite } from "./types.ts";

/** A row of the outbox with the number it got, and for a reply the numbers of its chat's open replies before it. */
export interface NumberedRow {
  readonly row: OutboxWrite;
  readonly at: number;
  readonly seq: number;
  readonly before: readonly number[];
}

type Known = OutboxWrite & { readonly address: NonNullable<OutboxWrite["address"]> };

/**
 * Whether a row may go from its commit straight to its lane, without a claim: a reply whose address is known to the turn.
 * Reminders and broadcasts are marked in the table before they leave, so they are claimed.
 */
export function isHandedOver(row: OutboxWrite): row is Known {
  return row.lane !== "" && row.kind === "reply" && row.address !== undefined;
}

/** The replies among these rows as their lanes get them; `leaves` notes that one goes under a lease, unless it went already. */
export function handedRows(
  rows: readonly NumberedRow[],
  leaves: (lease: Lease, seq: number) => boolean,
): readonly HandedRow[] {
  return rows.flatMap(({ row, at, seq, before }) => {
    if (!isHandedOver(row)) return [];
    const { lane, kind, addressId, address, shown } = row;
    const parts = row.parts.map((part) =>
      part.edits !== undefined && part.edits === shown?.token ? { ...part, messageId: shown.messageId } : part,
    );
    const to = { ...address, id: addressId };
    const claimed = { seq, kind, attempts: 0, mayBeSent: false, address: to, parts, createdAt: at, more: false };
    return [{ lane, before, row: claimed, leaves: (lease) => leaves(lease, seq) }];
  });
}
