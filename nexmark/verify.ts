// Checks that both engines give the same table for a query: final table, rows compared as sorted text.
import { createHash } from "node:crypto";
import { parse, print } from "../src/sql/index.js";
import { rowText } from "../src/types/row-text.js";
import { openSuite, type RunSettings, scriptSettings } from "./measure.js";
import type { HarnessEngine } from "./options.js";
import { suiteScript } from "./queries.js";

export interface ResultDigest {
	readonly rows: number;
	/** SHA-256 over the sorted rows, each followed by a newline. */
	readonly sha256: string;
}

/** The final table of `settings.query`, run as a SELECT instead of an INSERT. */
export async function digestOf(settings: RunSettings): Promise<ResultDigest> {
	const session = await openSuite(settings);
	try {
		let digest: ResultDigest | undefined;
		for (const statement of parse(suiteScript(settings.query, scriptSettings(settings)))) {
			if (statement.kind !== "Insert") {
				await session.execute(print(statement));
				continue;
			}
			const result = session.query(print(statement.query), { signal: settings.signal });
			const rows = await result.finalRows();
			digest = digestRows(rows.map((row) => rowText(row, result.schema)));
		}
		if (!digest) throw new Error(`${settings.query}.sql holds no INSERT`);
		return digest;
	} finally {
		await session.close();
	}
}

function digestRows(lines: readonly string[]): ResultDigest {
	const hash = createHash("sha256");
	const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare);
	for (const line of sorted) hash.update(line).update("\n");
	return { rows: lines.length, sha256: hash.digest("hex") };
}

export interface Verification {
	readonly verified: boolean;
	readonly digests: Readonly<Partial<Record<HarnessEngine, ResultDigest>>>;
}

/** Runs the query with both engines over the same events. */
export async function verify(settings: Omit<RunSettings, "engine">): Promise<Verification> {
	const wasm = await digestOf({ ...settings, engine: "wasm" });
	const baseline = await digestOf({ ...settings, engine: "baseline" });
	return { verified: wasm.sha256 === baseline.sha256, digests: { wasm, baseline } };
}
