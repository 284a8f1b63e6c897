// Rows that are taken back leave sort, topN, deduplicate and limit, and the next ones take their places.
import * as arrow from "apache-arrow";
import { expect, test } from "vitest";
import { deduplicate, descending, limit, type StreamOperator, sort, topN } from "../../src/embed/operators.js";
import { batchOf, refused, rowsOf } from "./batches.js";

const schema = new arrow.Schema([
	new arrow.Field("op", new arrow.Utf8(), false),
	new arrow.Field("name", new arrow.Utf8(), true),
	new arrow.Field("score", new arrow.Int32(), true),
	new arrow.Field("ts", new arrow.TimestampMillisecond(), false),
]);
type ChangeRow = readonly [op: string, name: string, score: number | null, ts: number];
const batch = (rows: readonly ChangeRow[]) =>
	batchOf(
		schema,
		[0, 1, 2, 3].map((i) => rows.map((row) => row[i])),
	);
const FIRST: readonly ChangeRow[] = [
	["+I", "a long name, longer than twelve bytes", 5, 10],
	["+I", "bob", 7, 20],
	["+I", "bob", 7, 20],
	["+I", "cy", null, 30],
];
const SECOND: readonly ChangeRow[] = [
	["-D", "bob", 7, 20],
	["-U", "a long name, longer than twelve bytes", 5, 10],
	["+U", "a long name, longer than twelve bytes", 9, 10],
];
const LONG = "a long name, longer than twelve bytes";
const common = { input: schema, changelog: true, kernels: "debug" } as const;

/** What comes out for both batches, with a snapshot moved into a new operator between them. */
async function results(build: () => Promise<StreamOperator>): Promise<unknown[][]> {
	using first = await build();
	await first.push(batch(FIRST));
	using second = await build();
	second.restore(first.snapshot());
	await second.push(batch(SECOND));
	await second.finish();
	return rowsOf([...first.take(), ...second.take()]);
}

test("topN by a text, final and as changes", async () => {
	const by = [descending("name")];
	expect(await results(() => topN({ ...common, by, n: 2, rank: "place" }))).toEqual([
		["cy", null, 30, 1n],
		["bob", 7, 20, 2n],
	]);
	expect(await results(() => topN({ ...common, by: [descending("score")], n: 1, output: "changes" }))).toEqual([
		["+I", "bob", 7, 20],
		["-U", "bob", 7, 20],
		["+U", LONG, 9, 10],
	]);
	expect(await results(() => topN({ ...common, by: [descending("score")], n: 3, output: "upserts" }))).toEqual([
		["+I", "bob", 7, 20],
		["+I", "bob", 7, 20],
		["+I", LONG, 5, 10],
		["-D", "bob", 7, 20],
		["-D", LONG, 5, 10],
		["+I", LONG, 9, 10],
		["+I", "cy", null, 30],
	]);
});

test("sort", async () => {
	expect(await results(() => sort({ ...common, by: ["score"], offset: 1 }))).toEqual([
		["bob", 7, 20],
		[LONG, 9, 10],
	]);
});

test("limit sends a changelog", async () => {
	expect(await results(() => limit({ ...common, count: 1 }))).toEqual([
		["+I", LONG, 5, 10],
		["-U", LONG, 5, 10],
		["+U", "bob", 7, 20],
	]);
});

test("deduplicate by time keeps the next best", async () => {
	const times = { ...common, keys: [], time: "ts" } as const;
	await refused("INVALID_OPTION", /keys/, () => deduplicate(times));
	const rows = await results(() => deduplicate({ ...common, keys: ["name"], time: "ts", keep: "last" }));
	expect(rows.map(([name, score]) => `${name} ${score}`).sort()).toEqual([`${LONG} 9`, "bob 7", "cy null"]);
	await refused("INVALID_OPTION", /last row that came/, () => deduplicate({ ...common, keys: ["name"], keep: "last" }));
});

test("the first row by time gives way to an earlier one that comes later", async () => {
	const plain = new arrow.Schema(schema.fields.slice(1));
	using operator = await deduplicate({ input: plain, keys: ["name"], time: "ts", output: "changes", kernels: "debug" });
	for (const [score, ts] of [
		[1, 20],
		[2, 30],
		[3, 10],
	]) {
		await operator.push(batchOf(plain, [["bob"], [score], [ts]]));
	}
	await operator.finish();
	expect(rowsOf(operator.take())).toEqual([
		["+I", "bob", 1, 20],
		["-U", "bob", 1, 20],
		["+U", "bob", 3, 10],
	]);
});
