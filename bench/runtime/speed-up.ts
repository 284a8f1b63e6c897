// Two workers against one: Nexmark queries and hash aggregates, the variants in turns.
import { DEFAULT_RATE } from "../../nexmark/measure.js";
import { suiteScript } from "../../nexmark/queries.js";
import { Millrace, type Session } from "../../src/index.js";
import { onFreeCores, type Spent, spent } from "./cpu-time.js";
import { median, type RuntimeBenchmark } from "./figure.js";

const AT_LEAST = 1.7;
/**
 * Short rounds before the measured ones, until nearly all code is compiled: every worker does that for itself, and what runs when windows
 * close is called too seldom for fewer jobs.
 */
const SHORT_ROUNDS = 30;
const SHORT = 1 / 6;
/** Full rounds before the measured ones: until then memory of workers grows, and the system gives them its pages. */
const FULL_ROUNDS = 2;
/**
 * Queries, and how many times the events asked for make a run of about three seconds on one worker: starting a job, which takes two workers
 * some 60 ms of CPU time more than one, is not what is measured.
 */
const QUERIES = { q5: 10, q8: 16, q16: 0.9, q17: 7 };
/** Groups of about equal size, from the columns of a bid. */
const AGGREGATES = { "1K": { groups: 1000, share: 17 }, "1M": { groups: 1_000_000, share: 6 } };

interface Work {
	readonly name: string;
	/** Events of a run, of those asked for. */
	readonly share: number;
	readonly mode: "streaming" | "batch";
	/** DDL of the sink, then the INSERT. */
	readonly statements: readonly string[];
}

const works: readonly Work[] = [
	...Object.entries(QUERIES).map(
		([name, share]): Work => ({ name, share, mode: "streaming", statements: statementsOf(suiteScript(name, {})) }),
	),
	...Object.entries(AGGREGATES).map(
		([name, { groups, share }]): Work => ({
			name: `hash aggregate, ${name} groups`,
			share,
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
		for (const work of works) {
			const rows = Math.round(options.rows * work.share);
			const session = await openSession(work);
			try {
				await inTurns(session, { ...work, events: rows * SHORT }, SHORT_ROUNDS);
				await inTurns(session, { ...work, events: rows }, FULL_ROUNDS);
				const rounds = await inTurns(session, { ...work, events: rows }, options.rounds);
				const { one, two, apart } = medians(rounds);
				const ratios = rounds.map((round) => round.one.seconds / round.two.seconds);
				report({
					name: `two workers against one: ${work.name}`,
					value: median(ratios),
					unit: "×",
					bound: { atLeast: AT_LEAST },
					details: {
						"two jobs of half the events, a worker each": median(
							rounds.map((round) => round.one.seconds / round.apart.seconds),
						),
						"least of the rounds": Math.min(...ratios),
						"greatest of the rounds": Math.max(...ratios),
						"M events": rows / 1e6,
						"short rounds before": SHORT_ROUNDS,
						"full rounds before": FULL_ROUNDS,
						"by CPU time on free cores": onFreeCores(one) / onFreeCores(two),
						"CPU of two ÷ one": two.cpuSeconds / one.cpuSeconds,
						"CPU of the two jobs ÷ one": apart.cpuSeconds / one.cpuSeconds,
						"cores used by two": two.cpuSeconds / two.seconds,
						"seconds of one": one.seconds,
						"seconds of two": two.seconds,
						"CPU seconds of one": one.cpuSeconds,
						"CPU seconds of two": two.cpuSeconds,
						"busiest thread of two": two.busiestSeconds,
						"M events/s of two": rows / two.seconds / 1e6,
					},
				});
			} finally {
				await session.close();
			}
		}
	},
};

async function openSession({ statements }: Work): Promise<Session> {
	const session = await Millrace.open();
	const options = `'connector' = 'nexmark', 'first-event.rate' = '${DEFAULT_RATE}'`;
	await session.execute(suiteScript("ddl", {}).replace(/WITH \([^)]*\)/, `WITH (${options})`));
	await session.execute(statements[0]!);
	return session;
}

type Round = Work & { readonly events: number };

/** What the variants took, one after the other: how fast the machine is changes over minutes, so that only these are compared. */
interface Turn {
	readonly one: Spent;
	readonly two: Spent;
	/** Two jobs at once that have nothing to do with each other: what the machine's two cores can do, no exchange between them. */
	readonly apart: Spent;
}

async function inTurns(session: Session, round: Round, rounds: number): Promise<Turn[]> {
	const turns: Turn[] = [];
	const half = { ...round, events: round.events / 2 };
	const variants: [keyof Turn, () => Promise<Spent>][] = [
		["one", () => runOnce(session, round, 1)],
		["two", () => runOnce(session, round, 2)],
		["apart", () => runOnce(session, half, 1, 2)],
	];
	for (let i = 0; i < rounds; i++) {
		const turn = {} as Record<keyof Turn, Spent>;
		for (const [variant, run] of variants) turn[variant] = await run();
		turns.push(turn);
		// There and back: hosts give a virtual core less for a while after it was idle, and no variant is always the one behind `one`.
		variants.reverse();
	}
	return turns;
}

/** `jobs` of them at once, all of them on workers. */
async function runOnce(session: Session, round: Round, parallelism: number, jobs = 1): Promise<Spent> {
	const { mode, statements, events } = round;
	await session.execute(`ALTER TABLE datagen SET ('events.num' = '${Math.round(events)}');
		SET 'parallelism.default' = '${parallelism}'; SET 'table.exec.inline' = 'false'; SET 'execution.runtime-mode' = '${mode}'`);
	return spent(async () => {
		const submitted = await Promise.all(Array.from({ length: jobs }, () => session.submit(statements[1]!)));
		await Promise.all(submitted.flat().map(({ done }) => done));
	});
}

function medians(turns: readonly Turn[]): Turn {
	const of = (variant: keyof Turn): Spent => {
		const middle = (property: keyof Spent) => median(turns.map((turn) => turn[variant][property]));
		return { seconds: middle("seconds"), cpuSeconds: middle("cpuSeconds"), busiestSeconds: middle("busiestSeconds") };
	};
	return { one: of("one"), two: of("two"), apart: of("apart") };
}
