// What a batch costs per operator whatever it holds: batches of one row, so that nearly all the time is JavaScript. What a full one costs on
// its way out to Arrow. ns per batch.
import { BATCH_ROWS } from "../../src/arrow/batch.js";
import { BatchExporter } from "../../src/arrow/export.js";
import { loadArrow } from "../../src/arrow/library.js";
import { lend } from "../../src/embed/lent-batch.js";
import { BIGINT, DOUBLE, notNull } from "../../src/types/sql-type.js";
import type { Case, Variant } from "../measure.js";
import { groupBy } from "./aggregate.js";
import { Engine, type Stage } from "./engine.js";
import { calc } from "./expression.js";

const BATCHES = 100_000;

const schema = [
	{ name: "k", type: notNull(BIGINT) },
	{ name: "v", type: notNull(DOUBLE) },
];
const count = { function: "COUNT", args: [], argTypes: [], distinct: false, type: notNull(BIGINT), name: "n" } as const;

const STAGES: Readonly<Record<string, () => Stage>> = {
	"Calc of 1 filter": () => calc(schema, "v < 100e0", ["k", "v"]),
	"Calc of 2 expressions": () => calc(schema, undefined, ["k + 1", "v * 2e0"]),
	"GroupAggregate (final)": () => groupBy(schema, [0], [count]),
	Limit: () => ({
		spec: { operator: "Limit", offset: 0, fetch: 1e9, inputUpdates: false },
		inputs: [schema],
		output: schema,
	}),
	Union: () => ({ spec: { operator: "Union" }, inputs: [schema], output: schema }),
};

export const boundaryCases = (): Case[] => [...operatorCases(), exportCase];

const operatorCases = (): Case[] =>
	Object.entries(STAGES).map(([name, stage]) => ({
		name: `a batch through ${name}`,
		rows: BATCHES,
		variants: async (): Promise<Record<string, Variant>> => {
			const engine = await Engine.create();
			const [batch] = engine.batches(schema, [BigInt64Array.of(1n), Float64Array.of(2)], 1);
			return {
				wasm: {
					run: () => {
						const chain = engine.chain([stage()], () => {});
						for (let i = 0; i < BATCHES; i++) chain.process(batch!);
						chain.dispose();
						return 0;
					},
				},
			};
		},
	}));

const EXPORTED = 10_000;

const exportCase: Case = {
	name: "a batch of 8192 rows out to Arrow, 4 columns of 64 bits",
	rows: EXPORTED,
	variants: async () => {
		await loadArrow();
		const { region, ...engine } = await exported();
		const exporter = new BatchExporter(engine.schema);
		return {
			/** As with `onBatch`. */
			wasm: {
				run: () => {
					let total = 0;
					for (let i = 0; i < EXPORTED; i++) {
						const views = exporter.export(region, engine.batch, { copy: false });
						lend(views, region, ({ data }) => {
							total += Number(data.children[0]!.values[i % BATCH_ROWS]);
						});
					}
					return total;
				},
			},
			"wasm, copied": {
				run: () => {
					let total = 0;
					for (let i = 0; i < EXPORTED; i++) {
						total += Number(exporter.export(region, engine.batch).data.children[0]!.values[i % BATCH_ROWS]);
					}
					return total;
				},
			},
		};
	},
};

async function exported() {
	const engine = await Engine.create();
	const columns = [...schema, ...schema].map((field, i) => ({ ...field, name: `c${i}` }));
	const longs = BigInt64Array.from({ length: BATCH_ROWS }, (_, i) => BigInt(i));
	const doubles = Float64Array.from(longs, Number);
	const [batch] = engine.batches(columns, [longs, doubles, longs, doubles], BATCH_ROWS);
	return { region: engine.region, schema: columns, batch: batch! };
}
