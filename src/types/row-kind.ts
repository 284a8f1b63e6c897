// Changelog: the kind of each row, and which kinds an edge of a plan may carry.

/** The row kinds in Flink's order; the number is what a batch's kind column holds (one byte a row). */
export const RowKind = { INSERT: 0, UPDATE_BEFORE: 1, UPDATE_AFTER: 2, DELETE: 3 } as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

export const ROW_KIND_TEXT = ["+I", "-U", "+U", "-D"] as const;
export type RowKindText = (typeof ROW_KIND_TEXT)[number];

/** Whether a row of this kind adds to (+I, +U) or takes from (-U, -D) a table. */
export const isAddition = (kind: RowKind) => kind === RowKind.INSERT || kind === RowKind.UPDATE_AFTER;

/**
 * What may flow on an edge.
 * - `insert`: only +I.
 * - `upsert`: +I, +U, -D, no -U: a row replaces the one with the same upsert key; -D may carry the key columns alone.
 * - `retract`: +I, -U, +U, -D with full rows: each -U/-D takes back a row sent before.
 */
export type ChangelogMode = "insert" | "upsert" | "retract";
