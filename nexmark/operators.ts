// What each operator of a query cost: medians over runs, and what changed between two reports.
import type { OperatorCost } from "../src/cli/operator-table.js";
import type { QueryResult } from "./report.js";
import { median } from "./statistics.js";

/** Of one plan, run several times. */
export function medianCosts(runs: readonly (readonly OperatorCost[])[]): OperatorCost[] {
	const [first = []] = runs;
	const overRuns = (index: number, pick: (cost: OperatorCost) => number) =>
		median(runs.map((run) => pick(run[index]!)));
	return first.map((cost, index) => ({
		...cost,
		busyMs: overRuns(index, ({ busyMs }) => busyMs),
		backPressuredMs: overRuns(index, ({ backPressuredMs }) => backPressuredMs),
		idleMs: overRuns(index, ({ idleMs }) => idleMs),
	}));
}

/** Share of a query's time per event by which an operator's must differ to be told. */
const WORTH_TELLING = 0.03;

/** The operators of a query that cost more or less than before, in ns of busy time per event. Nothing when the plans differ. */
export function changedOperators(old: QueryResult, now: QueryResult): string[] {
	if (!old.operators || !now.operators || !samePlan(old.operators, now.operators)) return [];
	const perEvent = (cost: OperatorCost, { events }: QueryResult) => (cost.busyMs * 1e6) / events;
	const whole = now.operators.reduce((sum, cost) => sum + perEvent(cost, now), 0);
	return now.operators.flatMap((cost, index) => {
		const [before, after] = [perEvent(old.operators![index]!, old), perEvent(cost, now)];
		if (Math.abs(after - before) < WORTH_TELLING * whole) return [];
		return [`       ${cost.operator.padEnd(24)}${before.toFixed(0).padStart(8)} ns/event, now ${after.toFixed(0)}`];
	});
}

const samePlan = (old: readonly OperatorCost[], now: readonly OperatorCost[]) =>
	old.length === now.length && old.every(({ operator }, index) => operator === now[index]!.operator);
