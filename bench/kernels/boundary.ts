// What a batch costs per operator whatever it holds: batches of one row, so that nearly all the time is JavaScript. ns per batch.
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

export const boundaryCases = (): Case[] =>
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
