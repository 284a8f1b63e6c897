// Measures the variants of a case in turns, so that whatever slows the machine slows all of them. No time is kept unless the answers match.
import { Bench } from "tinybench";
import type { Clock, Measurement } from "./report.js";

/** A way to do a case's work; gives a number that all variants must agree on (to a millionth). */
export interface Variant {
	readonly run: () => number | Promise<number>;
	readonly dispose?: () => void | Promise<void>;
}

export interface Case {
	readonly name: string;
	/** Rows of one run, for the figure per row. */
	readonly rows: number;
	/** Prepares the data; what it takes is not measured. */
	readonly variants: () => Promise<Readonly<Record<string, Variant>>>;
}

/** Rounds that count: so many at least, and short runs more, for so many milliseconds or so many rounds. */
const ROUNDS = 5;
const MEASURED = 2000;
const MOST_ROUNDS = 25;
/**
 * V8 compiles hot code late: variants warm up for so many milliseconds each, one run at least and so many at most. TPC-H Q6 (25 ms a run)
 * gets faster until its twenty-fifth.
 */
const WARM_UP = 1000;
const WARM_UP_RUNS = 60;

const CLOCKS: Readonly<Record<Clock, () => number>> = {
	wall: () => performance.now(),
	cpu: () => {
		const { user, system } = process.cpuUsage();
		return (user + system) / 1000;
	},
};

export interface MeasureOptions {
	readonly clock: Clock;
	/** Of all variants only these. */
	readonly only?: readonly string[] | undefined;
	/** Runs of each variant that count; unless told, 5 to 25, as long as they are short. */
	readonly rounds?: number | undefined;
}

export async function measure(one: Case, { clock, only, rounds }: MeasureOptions): Promise<Measurement[]> {
	const all = Object.entries(await one.variants());
	const variants = all.filter(([name]) => only === undefined || only.includes(name));
	const answers = new Map<string, number>();
	/** One run of each of these variants; nanoseconds by name. */
	const round = async (some: typeof variants): Promise<ReadonlyMap<string, number>> => {
		const taken = new Map<string, number>();
		const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
		for (const [name, variant] of some) {
			bench.add(name, async () => {
				const start = CLOCKS[clock]();
				answers.set(name, await variant.run());
				const overriddenDuration = CLOCKS[clock]() - start;
				taken.set(name, overriddenDuration * 1e6);
				return { overriddenDuration };
			});
		}
		await bench.run();
		return taken;
	};
	const warm = new Map<string, number>();
	const isCold = ([name]: (typeof variants)[number]) => (warm.get(name) ?? 0) < WARM_UP * 1e6;
	for (let i = 0; i < WARM_UP_RUNS && variants.some(isCold); i++) {
		const cold = variants.filter(isCold);
		for (const [name, nanoseconds] of await round(cold)) warm.set(name, (warm.get(name) ?? 0) + nanoseconds);
	}
	const samples = new Map<string, number[]>(variants.map(([name]) => [name, []]));
	let measured = 0;
	const isShort = (i: number) => i < ROUNDS || (i < MOST_ROUNDS && measured < MEASURED * 1e6);
	for (let i = 0; rounds === undefined ? isShort(i) : i < rounds; i++) {
		for (const [name, nanoseconds] of await round(variants)) {
			samples.get(name)?.push(nanoseconds / one.rows);
			measured += nanoseconds;
		}
	}
	for (const [, variant] of all) await variant.dispose?.();
	checkAnswers(one.name, answers);
	return variants.map(([variant]) => ({ case: one.name, variant, ...summary(samples.get(variant) as number[]) }));
}

function checkAnswers(name: string, answers: ReadonlyMap<string, number>): void {
	const [first] = answers.values();
	for (const [variant, answer] of answers) {
		const scale = Math.max(1, Math.abs(first as number));
		if (Math.abs(answer - (first as number)) > scale * 1e-6) {
			throw new Error(`${name}: the answers differ: ${variant} has ${answer}, others ${first}`);
		}
	}
}

function summary(samples: readonly number[]): Pick<Measurement, "nsPerRow" | "spread"> {
	const sorted = [...samples].sort((a, b) => a - b);
	const nsPerRow = sorted[sorted.length >> 1] as number;
	return { nsPerRow, spread: ((sorted.at(-1) as number) - (sorted[0] as number)) / nsPerRow };
}
