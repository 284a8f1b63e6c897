// What the runtime is held to: figures with a bound, and how they are shown. A figure may carry what it was made from.
export interface Figure {
	readonly name: string;
	readonly value: number;
	readonly unit: string;
	/** What it must be at least or at most; absent: for information. */
	readonly bound?: { readonly atLeast: number } | { readonly atMost: number };
	/** What tells a slow engine from a busy machine, and the like. */
	readonly details: Readonly<Record<string, number>>;
}

/** A part of the suite; `report` is told each figure as it is there. */
export interface RuntimeBenchmark {
	readonly name: string;
	run(options: RuntimeOptions, report: (figure: Figure) => void): Promise<void>;
}

export interface RuntimeOptions {
	/** Events of a Nexmark query, and rows of an aggregate. */
	readonly rows: number;
	/** Runs of each variant that count. */
	readonly rounds: number;
	/** How long the slow sink takes rows. */
	readonly slowSeconds: number;
	/** How long the event loop is watched. */
	readonly watchSeconds: number;
}

export function isMet({ value, bound }: Figure): boolean | undefined {
	if (bound === undefined) return undefined;
	return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}

export function figureTable(figures: readonly Figure[]): string {
	const lines = figures.map((figure) => {
		const { name, value, unit, bound, details } = figure;
		const due = bound === undefined ? "" : "atLeast" in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
		const met = { true: "yes", false: "no", undefined: "" }[String(isMet(figure))];
		const rest = Object.entries(details).map(([key, one]) => `${key} ${text(one)}`);
		return [name, `${text(value)} ${unit}`, due, met, rest.join(", ")];
	});
	return [["", "value", "bound", "met", "details"], ["---", "---:", "---:", "---", "---"], ...lines]
		.map((cells) => `| ${cells.join(" | ")} |`)
		.join("\n");
}

const text = (value: number): string => value.toLocaleString("en-US", { maximumSignificantDigits: 4 });

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((left, right) => left - right);
	const above = sorted.length >> 1;
	const below = (sorted.length - 1) >> 1;
	return ((sorted[below] ?? Number.NaN) + (sorted[above] ?? Number.NaN)) / 2;
}

/** The value that `share` of all lie below. */
export function quantile(values: Float64Array, share: number): number {
	const sorted = values.slice().sort();
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
