// Two workers against one: Nexmark queries and hash aggregates, the variants in turns.
import { DEFAULT_RATE } from "../../nexmark/measure.js";
import { suiteScript } from "../../nexmark/queries.js";
import { Millrace, type Session } from "../../src/index.js";
import { onFreeCores, type Spent, spent } from "./cpu-time.js";
import { median, type RuntimeBenchmark, type RuntimeOptions } from "./figure.js";

const AT_LEAST = 1.7;
/** Until nearly all code is compiled, which every worker does for itself: a run calls most of it a few thousand times only. */
const FIRST_ROUNDS = 3;
const QUERIES = ["q5", "q8", "q16", "q17"];
/** Groups of about equal size, from the columns of a bid. */
const AGGREGATES = { "1K": 1000, "1M": 1_000_000 };

interface Work {
	readonly name: string;
	readonly mode: "streaming" | "batch";
	/** DDL of the sink, then the INSERT. */
	readonly statements: readonly string[];
}

const works: readonly Work[] = [
	...QUERIES.map((name): Work => ({ name, mode: "streaming", statements: statementsOf(suiteScript(name, {})) })),
	...Object.entries(AGGREGATES).map(
		([name, groups]): Work => ({
			name: `hash aggregate, ${name} groups`,
			mode: "batch",
			statements: statementsOf(
				`CREATE TABLE sums_${name} (k BIGINT, n BIGINT, total BIGINT) WITH ('connector' = 'blackhole');
				INSERT INTO sums_${name} SELECT k, COUNT(*), SUM(price) FROM
				(SELECT MOD(price * 7919 + bidder * 104729, ${groups}) AS k, price FROM bid) GROUP BY k`,
			),
		}),
	),
];

function statementsOf(script: string): string[] {
	return script.split(/(?=INSERT INTO)/);
}

export const speedUp: RuntimeBenchmark = {
	name: "speed-up",
	async run(options, report) {
		const session = await openSession(options.rows);
		try {
			for (const work of works) {
				const { one, two } = await inTurns(session, work, options);
				report({
					name: `two workers against one: ${work.name}`,
					value: one.seconds / two.seconds,
					unit: "×",
					bound: { atLeast: AT_LEAST },
					details: {
						"by CPU time on free cores": onFreeCores(one) / onFreeCores(two),
						"CPU of two ÷ one": two.cpuSeconds / one.cpuSeconds,
						"cores used by two": two.cpuSeconds / two.seconds,
						"seconds of one": one.seconds,
						"seconds of two": two.seconds,
						"CPU seconds of one": one.cpuSeconds,
						"CPU seconds of two": two.cpuSeconds,
						"busiest thread of two": two.busiestSeconds,
						"M rows/s of two": options.rows / two.seconds / 1e6,
					},
				});
			}
		} finally {
			await session.close();
		}
	},
};

async function openSession(rows: number): Promise<Session> {
	const session = await Millrace.open();
	const options = `'connector' = 'nexmark', 'events.num' = '${rows}', 'first-event.rate' = '${DEFAULT_RATE}'`;
	await session.execute(suiteScript("ddl", {}).replace(/WITH \([^)]*\)/, `WITH (${options})`));
	for (const { statements } of works) await session.execute(statements[0]!);
	return session;
}

/** Medians of the rounds, after rounds that load and compile code in every worker. */
async function inTurns(session: Session, work: Work, { rounds }: RuntimeOptions): Promise<{ one: Spent; two: Spent }> {
	const one: Spent[] = [];
	const two: Spent[] = [];
	for (let round = 0; round < FIRST_ROUNDS + rounds; round++) {
		for (const [parallelism, samples] of [[1, one] as const, [2, two] as const]) {
			const sample = await runOnce(session, work, parallelism);
			if (round >= FIRST_ROUNDS) samples.push(sample);
		}
	}
	return { one: medians(one), two: medians(two) };
}

async function runOnce(session: Session, { mode, statements }: Work, parallelism: number): Promise<Spent> {
	await session.execute(`SET 'parallelism.default' = '${parallelism}'; SET 'execution.runtime-mode' = '${mode}'`);
	return spent(async () => {
		const [job] = await session.submit(statements[1]!);
		await job!.done;
	});
}

const medians = (samples: readonly Spent[]): Spent => ({
	seconds: median(samples.map(({ seconds }) => seconds)),
	cpuSeconds: median(samples.map(({ cpuSeconds }) => cpuSeconds)),
	busiestSeconds: median(samples.map(({ busiestSeconds }) => busiestSeconds)),
});
