// Random streams: applying the changelog of an updating operator gives what the batch form of the same operator gives for the rows that
// are left at the end; and stopping at any point, restoring the snapshot in a fresh operator and going on changes nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AggregateCall, OperatorSpec, SortKey } from "../../src/job/specs.js";
import { RowKind } from "../../src/types/row-kind.js";
import { BIGINT, INTEGER, type Schema, STRING } from "../../src/types/sql-type.js";
import type { Row } from "../../src/types/value.js";
import { fold, run, type Step, schemaOf } from "./harness.js";

const INPUT = schemaOf(STRING, INTEGER);
const RUNS = { numRuns: 150, seed: 20_240_101 };

const row = fc.tuple(fc.constantFrom("a", "b", null), fc.constantFrom(0, 1, 2, 3, null));

/** A valid stream over `inputs` inputs: what is taken back was there. Updates are -U, +U pairs. */
const streamOf = (inputs: number) =>
	fc
		.array(fc.record({ row, input: fc.nat(inputs - 1), remove: fc.boolean(), update: fc.boolean(), pick: fc.nat() }), {
			maxLength: 25,
		})
		.map((events) => {
			const live: Row[][] = Array.from({ length: inputs }, () => []);
			const steps: Step[] = [];
			for (const { row: added, input, remove, update, pick } of events) {
				const rows = live[input]!;
				const [gone] = remove && rows.length > 0 ? rows.splice(pick % rows.length, 1) : [];
				if (gone !== undefined) steps.push({ kind: update ? RowKind.UPDATE_BEFORE : RowKind.DELETE, row: gone, input });
				if (gone !== undefined && !update) continue;
				rows.push(added);
				steps.push({ kind: gone === undefined ? RowKind.INSERT : RowKind.UPDATE_AFTER, row: added, input });
			}
			return { steps, live };
		});

/** `streaming` over the stream, folded, equals `final` over the rows left. */
function checkFold(streaming: OperatorSpec, final: OperatorSpec, inputs: readonly Schema[], output: Schema): void {
	fc.assert(
		fc.property(streamOf(inputs.length), fc.nat(), ({ steps, live }, cut) => {
			const setup = { specs: [streaming], inputs, outputs: [output] };
			const { changes } = run(setup, steps);
			const left = live.flatMap((rows, input) => rows.map((one) => ({ kind: RowKind.INSERT, row: one, input })));
			const batch = run({ specs: [final], inputs, outputs: [output], batch: true }, left);
			expect(fold(changes)).toEqual(fold(batch.changes));
			const restarted = run(setup, steps, new Set([steps.length === 0 ? 0 : cut % steps.length]));
			expect(restarted.changes).toEqual(changes);
		}),
		RUNS,
	);
}

const call = (name: string, distinct = false): AggregateCall => ({
	function: name,
	args: [1],
	argTypes: [INTEGER],
	distinct,
	type: name === "COUNT" ? BIGINT : INTEGER,
	name,
});
const CALLS = [call("COUNT"), call("SUM"), call("MIN"), call("MAX"), call("COUNT", true)];

test("GroupAggregate", () => {
	const spec = (final: boolean) =>
		({
			operator: "GroupAggregate",
			keys: [0],
			calls: CALLS,
			inputUpdates: true,
			updateBefore: true,
			final,
			emitEmpty: false,
		}) as const;
	checkFold(spec(false), spec(true), [INPUT], schemaOf(STRING, ...CALLS.map(({ type }) => type)));
});

for (const type of ["inner", "left", "right", "full", "semi", "anti"] as const) {
	for (const build of ["left", "right"] as const) {
		test(`Join ${type}, build ${build}`, () => {
			const spec = {
				operator: "Join",
				type,
				leftKeys: [0],
				rightKeys: [0],
				nullSafe: [false],
				leftWidth: 2,
				leftUpdates: true,
				rightUpdates: true,
				condition: {
					kind: "call",
					function: "<=",
					args: [
						{ kind: "column", index: 1, type: INTEGER },
						{ kind: "column", index: 3, type: INTEGER },
					],
					type: { kind: "BOOLEAN", nullable: true },
				},
			} as const;
			const output = type === "semi" || type === "anti" ? INPUT : [...INPUT, ...INPUT];
			checkFold(spec, { ...spec, build }, [INPUT, INPUT], output);
		});
	}
}

test("Join NOT IN", () => {
	const spec = {
		operator: "Join",
		type: "anti",
		leftKeys: [0],
		rightKeys: [0],
		nullSafe: [false],
		nullAware: true,
		leftWidth: 2,
		leftUpdates: true,
		rightUpdates: true,
	} as const;
	checkFold(spec, { ...spec, build: "right" }, [INPUT, INPUT], INPUT);
});

const order: readonly SortKey[] = [
	{ column: 1, ascending: true, nullsFirst: true },
	{ column: 0, ascending: false, nullsFirst: false },
];

for (const outputRank of [false, true]) {
	test(`Rank ${outputRank ? "with" : "without"} the rank`, () => {
		const spec = (final: boolean) =>
			({
				operator: "Rank",
				function: "ROW_NUMBER",
				partition: [],
				order,
				from: 2,
				to: 4,
				outputRank,
				inputUpdates: true,
				updateBefore: true,
				final,
			}) as const;
		checkFold(spec(false), spec(true), [INPUT], outputRank ? [...INPUT, { name: "rank", type: BIGINT }] : INPUT);
	});
}

test("Sort with LIMIT", () => {
	const spec = (final: boolean) =>
		({ operator: "Sort", order, offset: 1, fetch: 3, inputUpdates: true, final }) as const;
	checkFold(spec(false), spec(true), [INPUT], INPUT);
});

for (const kind of ["intersect", "except"] as const) {
	for (const all of [false, true]) {
		test(`SetOperation ${kind}${all ? " all" : ""}`, () => {
			const spec = (final: boolean) => ({ operator: "SetOperation", kind, all, final }) as const;
			checkFold(spec(false), spec(true), [INPUT, INPUT], INPUT);
		});
	}
}

test("OverAggregate", () => {
	const frame = { unit: "range", start: { kind: "unboundedPreceding" }, end: { kind: "currentRow" } } as const;
	const spec = (time: "row" | "final") =>
		({
			operator: "OverAggregate",
			partition: [0],
			order: order.slice(0, 1),
			time,
			groups: [{ frame, calls: [call("SUM"), call("COUNT")] }],
			inputUpdates: true,
		}) as const;
	checkFold(spec("row"), spec("final"), [INPUT], schemaOf(STRING, INTEGER, INTEGER, BIGINT));
});
