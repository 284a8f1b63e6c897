// Every builder against every kind of misuse: whatever is passed, the answer is an operator that works or a typed error that says what to do.
import * as arrow from "apache-arrow";
import { describe, expect, test } from "vitest";
import * as operators from "../../src/embed/operators.js";
import {
	col,
	JoinOperator,
	type OperatorBase,
	type OperatorInput,
	type StreamOperator,
} from "../../src/embed/operators.js";
import { EngineError } from "../../src/errors.js";
import { batchOf, refused, rowsBatch, rowsOf, schema } from "./batches.js";

const input = { input: schema };
const aggregates = { n: operators.count() };
const windowed = { ...input, time: "ts", keys: ["k"], aggregates };

/** A good call of each builder, with all its options. */
const builders: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	filter: { ...input, where: col("v").gt(1), changelog: false },
	project: { ...input, columns: ["k", col("v").plus(1).as("w")], where: col("v").gt(1), changelog: false },
	hashAggregate: { ...input, keys: ["k"], aggregates, output: "changes", changelog: false },
	windowAggregate: { ...windowed, window: operators.tumble(10), changelog: false, sideOutputLateData: false },
	hashJoin: {
		left: schema,
		right: schema,
		on: ["k"],
		type: "left",
		condition: col("v").lt(col("v_right")),
		build: "right",
		leftChangelog: false,
		rightChangelog: false,
		suffix: "_right",
	},
	intervalJoin: {
		left: schema,
		right: schema,
		on: ["k"],
		leftTime: "ts",
		rightTime: "ts",
		lower: -10,
		upper: 10,
		type: "left",
		condition: col("v").lt(col("v_right")),
		suffix: "_right",
	},
	sort: { ...input, by: ["v"], limit: 3, offset: 1, changelog: false },
	topN: { ...input, keys: ["k"], by: ["v"], n: 2, rank: "place", output: "changes", changelog: false },
	deduplicate: { ...input, keys: ["k"], keep: "first", time: undefined, output: "changes", changelog: false },
	limit: { ...input, count: 3, offset: 1, changelog: false },
};
const common = { memoryLimitBytes: 2 ** 26, maxBufferedBatches: 4, kernels: "debug" };
/** That every builder has. */
const commonNames = [...Object.keys(common), "onBatch"];
const names = Object.keys(builders);

const build = (name: string, options: unknown): Promise<OperatorBase> =>
	(operators as unknown as Record<string, (options: unknown) => Promise<OperatorBase>>)[name]!(options);
const good = (name: string): Promise<OperatorBase> => build(name, { ...builders[name], ...common });

const sidesOf = (operator: OperatorBase): OperatorInput[] =>
	operator instanceof JoinOperator ? [operator.left, operator.right] : [operator as StreamOperator];

const wrongValues: readonly unknown[] = [
	null,
	0,
	-1,
	1.5,
	Number.NaN,
	1e300,
	7n,
	"",
	"nope",
	true,
	[],
	[null],
	[undefined],
	["nope"],
	[["k"]],
	[["k", "nope"]],
	[5],
	[{}],
	{},
	{ n: null },
	{ n: {} },
	{ kind: "tumble" },
	Symbol("odd"),
	() => 1,
	new Date(Number.NaN),
	schema,
	col("nope"),
	col("name"),
	operators.sum("nope"),
	operators.descending("nope"),
	operators.hop({ size: 30, slide: 10 }),
];

describe.each(names)("%s", (name) => {
	test("every option with values that it cannot have", async () => {
		for (const option of [...Object.keys(builders[name]!), ...commonNames]) {
			for (const value of wrongValues) {
				const what = `${option}: ${typeof value === "object" ? JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v)) : String(value)}`;
				const made = await build(name, { ...builders[name], [option]: value }).catch((thrown: unknown) => thrown);
				if (made instanceof EngineError) {
					expect(made.code, what).not.toBe("INTERNAL");
					expect(made.expected, `${what}: ${made.message}`).toBeTruthy();
					expect(made.remedy, `${what}: ${made.message}`).toBeTruthy();
					continue;
				}
				expect(made, `${what}: ${(made as Error).stack}`).toHaveProperty("dispose");
				// What was taken for good is good.
				for (const side of sidesOf(made as OperatorBase)) {
					await side.push(rowsBatch([[1n, "a", 2, 0]]));
					await side.finish();
				}
				(made as OperatorBase).dispose();
			}
		}
	});

	test("null stands for no option that is left out", async () => {
		for (const option of [...Object.keys(builders[name]!), ...commonNames]) {
			const made = await build(name, { ...builders[name], [option]: null }).catch((thrown: unknown) => thrown);
			expect(made, option).toBeInstanceOf(EngineError);
			const { code, message } = made as EngineError;
			expect(code, message).toMatch(/^INVALID_(OPTION|ARGUMENT)$/);
			expect(message).toContain(option);
		}
	});

	test("options that are frozen, and a frozen schema", async () => {
		const options = { ...builders[name], ...common };
		for (const value of Object.values(options)) if (typeof value === "object") Object.freeze(value);
		using operator = await build(name, Object.freeze(options));
		const frozen: arrow.RecordBatch = rowsBatch([[1n, null, 2, 0]]);
		for (const part of [...frozen.data.children, frozen.data.children, frozen.data, frozen.schema, frozen])
			Object.freeze(part);
		for (const side of sidesOf(operator).reverse()) {
			await side.push(frozen);
			await side.finish();
		}
	});

	test("what is true or false is neither a text nor a number", async () => {
		// A join of changelogs has no side to build.
		const { build: _, ...rest } = builders[name]!;
		for (const option of Object.keys(rest).filter((key) => typeof rest[key] === "boolean")) {
			for (const value of ["false", "", 0, 1, null, {}]) {
				await refused("INVALID_OPTION", new RegExp(`${option} is .*true or false`), () =>
					build(name, { ...rest, [option]: value }),
				);
			}
		}
	});

	test("an option that is left out is asked for, one that is misspelt suggests the right one", async () => {
		for (const option of [...Object.keys(builders[name]!), ...commonNames]) {
			const misspelt = `${option.slice(0, -1)}${option.at(-1)}q`;
			const near = new RegExp(`${name} has no option '${misspelt}'.*Did you mean '${option}'`);
			await refused("UNKNOWN_OPTION", near, () => build(name, { ...builders[name], [misspelt]: 1 }));
			const { [option]: _, ...rest } = builders[name]!;
			const made = await build(name, rest).catch((thrown: unknown) => thrown);
			if (made instanceof EngineError) {
				expect(made.remedy).toBeTruthy();
				expect(made.message).toContain(option);
			} else (made as OperatorBase).dispose();
		}
	});

	test("batches that are none, or of another schema, are refused and change nothing", async () => {
		using operator = await good(name);
		const one = rowsBatch([[1n, "a", 2, 0]]);
		const renamed = new arrow.Schema([new arrow.Field("kk", new arrow.Int64(), true), ...schema.fields.slice(1)]);
		const retyped = new arrow.Schema([new arrow.Field("k", new arrow.Utf8(), true), ...schema.fields.slice(1)]);
		const fewer = new arrow.Schema(schema.fields.slice(1));
		for (const side of sidesOf(operator)) {
			for (const odd of [
				undefined,
				null,
				5,
				"batch",
				{},
				[],
				[1n, "a", 2, 0],
				new arrow.Table([one]),
				one.getChildAt(0),
			]) {
				await refused("INVALID_ARGUMENT", /is not a RecordBatch/, () => side.push(odd as never));
			}
			await refused("INVALID_SCHEMA", /'kk'.*'k'/, () => side.push(batchOf(renamed, [[1n], ["a"], [1], [0]])));
			await refused("INVALID_SCHEMA", /'k'.*VARCHAR.*BIGINT/, () =>
				side.push(batchOf(retyped, [["x"], ["a"], [1], [0]])),
			);
			await refused("INVALID_SCHEMA", /3 columns/, () => side.push(batchOf(fewer, [["a"], [1], [0]])));
			await side.push(one);
		}
		for (const side of sidesOf(operator).reverse()) await side.finish();
	});

	test("after finish, after dispose, and disposed twice", async () => {
		const operator = await good(name);
		for (const side of sidesOf(operator).reverse()) {
			await side.push(rowsBatch([[1n, "a", 2, 0]]));
			await side.finish();
			await refused("INVALID_STATE", /after finish/, () => side.push(rowsBatch([])));
			await refused("INVALID_STATE", /after finish/, () => side.finish());
		}
		operator.snapshot();
		rowsOf(operator.take());
		operator.dispose();
		const uses = [
			() => operator.take(),
			() => operator.snapshot(),
			() => operator.restore(new Uint8Array()),
			() => operator[Symbol.asyncIterator](),
			() => operator.dispose(),
			...sidesOf(operator).flatMap((side) => [() => side.push(rowsBatch([])), () => side.finish()]),
			...("advance" in operator ? [() => (operator as JoinOperator).advance(5)] : []),
		];
		for (const use of uses) await refused("DISPOSED", new RegExp(`${operator.name} was disposed`), use);
		operator[Symbol.dispose]();
	});

	test("a snapshot of another operator, cut short or of nothing is refused", async () => {
		const operator = await good(name);
		const bytes = operator.snapshot();
		operator.dispose();
		using other = await build("limit", { ...input, count: 77 });
		const foreign = other.snapshot();
		for (const odd of [undefined, null, 5, "bytes", new Uint8Array(), bytes.subarray(0, 11), bytes.subarray(0, 40)]) {
			using fresh = await good(name);
			await refused("INVALID_ARGUMENT", /no snapshot/, () => fresh.restore(odd as never));
		}
		using fresh = await good(name);
		await refused("INVALID_STATE", /other options/, () => fresh.restore(foreign));
		fresh.restore(bytes);
	});
});

test("out of memory names operator and setting, and others go on", async () => {
	const many = rowsBatch(
		Array.from({ length: 120_000 }, (_, i) => [BigInt(i), `a long text, number ${i}`, 1, i] as const),
	);
	using bystander = await good("hashAggregate");
	await (bystander as StreamOperator).push(rowsBatch([[1n, "a", 2, 0]]));
	let count = 1n;
	for (const name of ["hashAggregate", "windowAggregate", "hashJoin", "intervalJoin", "sort", "topN", "deduplicate"]) {
		const { limit: _, output, ...rest } = builders[name]!;
		const options = { ...rest, ...(output !== undefined && { output: "final" }), memoryLimitBytes: 5e6 };
		const operator = await build(name, options);
		const [side] = sidesOf(operator).reverse();
		const error = await side!
			.push(many)
			.then(() => side!.push(many))
			.catch((thrown: unknown) => thrown);
		expect(error, name).toMatchObject({
			code: "OUT_OF_MEMORY",
			operator: operator.name,
			remedy: expect.stringContaining("'memoryLimitBytes'"),
		});
		await refused("INVALID_STATE", /has failed before/, () => side!.push(many));
		operator.dispose();
		await (bystander as StreamOperator).push(rowsBatch([[1n, "a", 2, 0]]));
		expect(rowsOf(bystander.take()).at(-1)![2]).toBe(++count);
	}
});
