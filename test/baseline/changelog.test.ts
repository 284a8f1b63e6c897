// The changelog of updating operators on short streams: what each row makes them send, as Flink's operators do.
import { expect, test } from "vitest";
import type { AggregateCall, JoinSpec, OperatorSpec, SortKey } from "../../src/job/specs.js";
import { BIGINT, INTEGER, type Schema, type SqlType, STRING } from "../../src/types/sql-type.js";
import { change, fold, insert, left, on, right, run, type Step, schemaOf, textOf } from "./harness.js";

const INPUT = schemaOf(STRING, INTEGER);
const call = (
	name: string,
	args: readonly number[],
	type: SqlType,
	more: Partial<AggregateCall> = {},
): AggregateCall => ({
	function: name,
	args,
	argTypes: args.map((index) => INPUT[index]!.type),
	distinct: false,
	type,
	name,
	...more,
});

/** The changes as text; the same whenever every operator is restarted from a snapshot before a step. */
function changesOf(
	spec: OperatorSpec,
	inputs: readonly Schema[],
	output: Schema,
	steps: readonly Step[],
	batch = false,
): string[] {
	const setup = { specs: [spec], inputs, outputs: [output], batch };
	const { changes } = run(setup, steps);
	fold(changes);
	for (const at of steps.keys())
		expect(run(setup, steps, new Set([at])).changes, `restarted at ${at}`).toEqual(changes);
	return textOf(changes);
}

const group = (calls: readonly AggregateCall[], keys: readonly number[] = [0], final = false): OperatorSpec => ({
	operator: "GroupAggregate",
	keys,
	calls,
	inputUpdates: true,
	updateBefore: true,
	final,
	emitEmpty: final && keys.length === 0,
});

test("a group emits a change when its result changes, and its deletion when its last row goes", () => {
	const steps = [
		insert("a", 5),
		insert("a", 3),
		insert("b", 1),
		insert("a", 7),
		change("-D", "b", 1),
		change("-D", "a", 7),
	];
	expect(changesOf(group([call("MAX", [1], INTEGER)]), [INPUT], INPUT, steps)).toEqual([
		"+I a|5",
		"+I b|1",
		"-U a|5",
		"+U a|7",
		"-D b|1",
		"-U a|7",
		"+U a|5",
	]);
});

test("a global aggregate over nothing: no row in a stream, one in batch", () => {
	const spec = (final: boolean) => group([call("COUNT", [], BIGINT)], [], final);
	expect(changesOf(spec(false), [INPUT], schemaOf(BIGINT), [])).toEqual([]);
	expect(changesOf(spec(true), [INPUT], schemaOf(BIGINT), [], true)).toEqual(["+I 0"]);
	const steps = [insert("a", 1), change("-D", "a", 1)];
	expect(changesOf(spec(false), [INPUT], schemaOf(BIGINT), steps)).toEqual(["+I 1", "-D 1"]);
});

test("DISTINCT counts a value once while it is there, FILTER looks at each row", () => {
	const input = schemaOf(STRING, INTEGER, { kind: "BOOLEAN", nullable: true });
	const calls = [call("COUNT", [1], BIGINT, { distinct: true }), call("COUNT", [], BIGINT, { filter: 2 })];
	const steps = [insert("a", 1, true), insert("a", 1, null), insert("a", 2, false), change("-D", "a", 1, true)];
	const [final] = changesOf(group(calls), [input], schemaOf(STRING, BIGINT, BIGINT), steps).slice(-1);
	expect(final).toBe("+U a|2|0");
});

const SIDE = schemaOf(INTEGER, STRING);
const join = (type: JoinSpec["type"], more: Partial<JoinSpec> = {}): JoinSpec => ({
	operator: "Join",
	type,
	leftKeys: [0],
	rightKeys: [0],
	nullSafe: [false],
	leftWidth: 2,
	leftUpdates: true,
	rightUpdates: true,
	...more,
});
const joined = (type: JoinSpec["type"], steps: readonly Step[], more: Partial<JoinSpec> = {}) =>
	changesOf(join(type, more), [SIDE, SIDE], type === "semi" || type === "anti" ? SIDE : [...SIDE, ...SIDE], steps);

test("a left join takes its padding back at the first match and gives it again after the last", () => {
	const steps = [
		left(1, "l"),
		right(1, "r"),
		right(1, "s"),
		on(1, change("-D", 1, "r")),
		on(1, change("-D", 1, "s")),
		left(null, "n"),
		on(0, change("-D", 1, "l")),
	];
	expect(joined("left", steps)).toEqual([
		"+I 1|l|NULL|NULL",
		"-D 1|l|NULL|NULL",
		"+I 1|l|1|r",
		"+I 1|l|1|s",
		"-D 1|l|1|r",
		"-D 1|l|1|s",
		"+I 1|l|NULL|NULL",
		"+I NULL|n|NULL|NULL",
		"-D 1|l|NULL|NULL",
	]);
});

test("an inner join passes the kinds of its input on", () => {
	const steps = [left(1, "l"), right(1, "r"), on(1, change("-U", 1, "r")), on(1, change("+U", 1, "s"))];
	expect(joined("inner", steps)).toEqual(["+I 1|l|1|r", "-U 1|l|1|r", "+U 1|l|1|s"]);
});

test("semi and anti joins count matches", () => {
	const steps = [
		left(1, "l"),
		right(1, "r"),
		right(1, "r"),
		on(1, change("-D", 1, "r")),
		on(1, change("-D", 1, "r")),
		left(2, "m"),
	];
	expect(joined("semi", steps)).toEqual(["+I 1|l", "-D 1|l"]);
	expect(joined("anti", steps)).toEqual(["+I 1|l", "-D 1|l", "+I 1|l", "+I 2|m"]);
});

test("NOT IN: a NULL on either side counts as a match", () => {
	const nullAware = { nullAware: true };
	expect(joined("anti", [left(1, "l"), left(null, "n")], nullAware)).toEqual(["+I 1|l", "+I NULL|n"]);
	const steps = [left(1, "l"), right(null, "r"), on(1, change("-D", null, "r")), right(2, "s"), left(null, "n")];
	expect(joined("anti", steps, nullAware)).toEqual(["+I 1|l", "-D 1|l", "+I 1|l"]);
});

test("a scalar subquery with two rows is an error", () => {
	const steps = [left(1, "l"), right(1, "r"), right(1, "s")];
	expect(() => joined("left", steps, { single: true })).toThrow(/more than one row/);
});

const order: readonly SortKey[] = [{ column: 1, ascending: false, nullsFirst: false }];
const rank = (outputRank: boolean, inputUpdates = false): OperatorSpec => ({
	operator: "Rank",
	function: "ROW_NUMBER",
	partition: [0],
	order,
	from: 1,
	to: 2,
	outputRank,
	inputUpdates,
	updateBefore: true,
	final: false,
});

test("Top-N without the rank replaces the row pushed out; equal rows keep their place", () => {
	const steps = [insert("a", 1), insert("a", 3), insert("a", 2), insert("a", 2), insert("a", 0)];
	expect(changesOf(rank(false), [INPUT], INPUT, steps)).toEqual(["+I a|1", "+I a|3", "-D a|1", "+I a|2"]);
});

test("Top-N with the rank moves every place that changes", () => {
	const steps = [insert("a", 1), insert("a", 3), insert("a", 2)];
	expect(changesOf(rank(true), [INPUT], schemaOf(STRING, INTEGER, BIGINT), steps)).toEqual([
		"+I a|1|1",
		"-U a|1|1",
		"+U a|3|1",
		"+I a|1|2",
		"-U a|1|2",
		"+U a|2|2",
	]);
});

test("Top-N over changes brings back the next best row", () => {
	const steps = [insert("a", 1), insert("a", 3), insert("a", 2), change("-D", "a", 3)];
	expect(changesOf(rank(false, true), [INPUT], INPUT, steps)).toEqual([
		"+I a|1",
		"+I a|3",
		"-D a|1",
		"+I a|2",
		"-D a|3",
		"+I a|1",
	]);
});

test("OVER in a stream without time takes later rows' values back", () => {
	const spec: OperatorSpec = {
		operator: "OverAggregate",
		partition: [0],
		order: [{ column: 1, ascending: true, nullsFirst: true }],
		time: "row",
		groups: [
			{
				frame: { unit: "range", start: { kind: "unboundedPreceding" }, end: { kind: "currentRow" } },
				calls: [call("SUM", [1], INTEGER)],
			},
		],
		inputUpdates: true,
	};
	const steps = [insert("a", 2), insert("a", 1), insert("a", 2), change("-D", "a", 1)];
	const changes = changesOf(spec, [INPUT], schemaOf(STRING, INTEGER, INTEGER), steps);
	expect(changes.slice(0, 4)).toEqual(["+I a|2|2", "+I a|1|1", "-U a|2|2", "+U a|2|3"]);
	expect(changes.filter((text) => text.startsWith("-D"))).toEqual(["-D a|1|1"]);
});

test("ChangelogNormalize makes full rows of an upsert stream and drops what changes nothing", () => {
	const spec: OperatorSpec = { operator: "ChangelogNormalize", keys: [0], updateBefore: true };
	const steps = [
		insert("a", 1),
		change("+U", "a", 2),
		change("+U", "a", 2),
		change("-D", "a", null),
		change("-D", "a", null),
	];
	expect(changesOf(spec, [INPUT], INPUT, steps)).toEqual(["+I a|1", "-U a|1", "+U a|2", "-D a|2"]);
});

test("EXCEPT ALL and INTERSECT count rows", () => {
	const set = (kind: "intersect" | "except", all: boolean): OperatorSpec => ({
		operator: "SetOperation",
		kind,
		all,
		final: false,
	});
	const steps = [left("a", null), left("a", null), right("a", null), right("a", null), on(1, change("-D", "a", null))];
	expect(changesOf(set("except", true), [INPUT, INPUT], INPUT, steps)).toEqual([
		"+I a|NULL",
		"+I a|NULL",
		"-D a|NULL",
		"-D a|NULL",
		"+I a|NULL",
	]);
	expect(changesOf(set("intersect", false), [INPUT, INPUT], INPUT, steps)).toEqual(["+I a|NULL"]);
});
