// What a statement answers that is neither a query nor an INSERT.
import type { Insert } from "../sql/ast.js";
import { type Schema, STRING } from "../types/sql-type.js";
import type { Row } from "../types/value.js";

export interface StatementResult {
	readonly schema: Schema;
	readonly rows: readonly Row[];
	/** CREATE TABLE … AS SELECT: what still has to run, now that the table is there. */
	readonly insert?: Insert | undefined;
}

/** What a statement without rows of its own answers. */
export const OK: StatementResult = { schema: [{ name: "result", type: STRING }], rows: [["OK"]] };
