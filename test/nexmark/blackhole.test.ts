// What the suite's sinks forget has been computed: the rows that `blackhole` is handed have every column, with the values that the
// same query gives to whoever reads them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { measure, openSuite, type RunSettings, scriptSettings } from "../../nexmark/measure.js";
import { allQueries, suiteScript } from "../../nexmark/queries.js";
import { batchKinds, batchToRows } from "../../src/arrow/rows.js";
import { blackhole } from "../../src/connectors/blackhole.js";
import type { SinkContext } from "../../src/connectors/connector.js";
import { parse, print } from "../../src/sql/index.js";
import { RowKind } from "../../src/types/row-kind.js";
import { rowText } from "../../src/types/row-text.js";
import type { Schema } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { pinned, writeSideInput } from "./golden-events.js";

const workFolder = mkdtempSync(join(tmpdir(), "millrace-blackhole-"));
beforeAll(() => writeSideInput(workFolder));
afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(workFolder, { recursive: true }));

/** Rows that come to be, by an insert or an update. */
const isRow = (kinds: ArrayLike<RowKind> | undefined, index: number) =>
	kinds === undefined || kinds[index] === RowKind.INSERT || kinds[index] === RowKind.UPDATE_AFTER;

const textsOf = (rows: readonly Row[], kinds: ArrayLike<RowKind> | undefined, schema: Schema) =>
	rows.filter((_, index) => isRow(kinds, index)).map((row) => rowText(row, schema));

/** What arrives at the sink, read column by column. */
async function forgotten(settings: RunSettings): Promise<string[]> {
	const texts: string[] = [];
	vi.spyOn(blackhole.sink!, "open").mockImplementation(({ region, schema }: SinkContext) => ({
		write(batch) {
			expect(batch.columns).toHaveLength(schema.length);
			const kinds = batch.kinds ? batchKinds(region, batch) : undefined;
			texts.push(...textsOf(batchToRows(region, batch), kinds, schema));
		},
		flush() {},
		finish() {},
		close() {},
	}));
	await measure(settings);
	return texts.sort();
}

async function selected(settings: RunSettings): Promise<string[]> {
	const session = await openSuite(settings);
	const texts: string[] = [];
	for (const statement of parse(suiteScript(settings.query, scriptSettings(settings)))) {
		if (statement.kind !== "Insert") {
			await session.execute(print(statement));
			continue;
		}
		const result = session.query(print(statement.query));
		for await (const { rows, kinds } of result.chunks()) texts.push(...textsOf(rows, kinds, result.schema));
	}
	await session.close();
	return texts.sort();
}

// q10 writes files; q12's rows depend on the clock.
test.each(allQueries().filter((query) => query !== "q10" && query !== "q12"))("%s", async (query) => {
	const settings = { query, engine: "wasm", events: 6000, parallelism: 1, source: pinned(100), workFolder } as const;
	const texts = await forgotten(settings);
	expect(texts).toEqual(await selected(settings));
	if (query !== "q23") expect(texts.length).toBeGreaterThan(0);
});
