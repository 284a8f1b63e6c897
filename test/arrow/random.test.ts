// Random rows of every type to Arrow and back: whole, sliced anywhere, of no rows, as views and as copies, through the IPC format.
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { schemaOfArrow } from "../../src/arrow/arrow-type.js";
import { BatchExporter } from "../../src/arrow/export.js";
import { importBatch } from "../../src/arrow/import.js";
import { loadArrow } from "../../src/arrow/library.js";
import { batchToRows, rowsToBatch } from "../../src/arrow/rows.js";
import { keyText } from "../../src/types/compare.js";
import type { Schema } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { Region } from "../../src/wasm/region.js";
import { propertyOf, rowOf } from "../operators/random.js";
import { schemas } from "../operators/random-specs/schemas.js";

await loadArrow();
const region = await Region.create({ build: "debug" });

const text = (schema: Schema, rows: readonly Row[]): string[] =>
	rows.map((row) =>
		keyText(
			row,
			schema.map(({ type }) => type),
		),
	);

const imported = (schema: Schema, batch: arrow.RecordBatch): string[] =>
	text(schema, batchToRows(region, importBatch(region, batch)));

const cases = fc
	.tuple(schemas(1, 6), fc.nat(1000), fc.nat(1000))
	.chain(([schema, from, to]) =>
		fc.array(rowOf(schema), { maxLength: 20 }).map((rows) => ({ schema, rows, from, to })),
	);

test("rows come back as they were", async () => {
	const property = fc.property(cases, ({ schema, rows, from, to }) => {
		const mark = region.arena.mark();
		const batch = rowsToBatch(region, schema, rows);
		const exporter = new BatchExporter(schema);
		const copied = exporter.export(region, batch);
		const wanted = text(schema, rows);
		expect(imported(schema, copied), "copies").toEqual(wanted);
		expect(imported(schema, exporter.export(region, batch, { copy: false })), "views").toEqual(wanted);
		const start = from % (rows.length + 1);
		const end = start + (to % (rows.length - start + 1));
		expect(imported(schema, copied.slice(start, end)), "a slice").toEqual(wanted.slice(start, end));
		const middle = copied.slice(Math.min(1, end)).slice(0, Math.max(0, end - 1));
		expect(imported(schema, middle), "a slice of a slice").toEqual(wanted.slice(1, end));
		const [read] = arrow.tableFromIPC(arrow.tableToIPC(new arrow.Table([copied]))).batches;
		expect(imported(schema, read!), "IPC").toEqual(wanted);
		expect(schemaOfArrow(copied.schema).map(({ type }) => type.nullable)).toEqual(
			schema.map(({ type }) => type.nullable),
		);
		region.arena.release(mark);
	});
	fc.assert(property, propertyOf(1));
});
