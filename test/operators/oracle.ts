// What the baseline makes of the same steps.
import { type Step as RowStep, run } from "../baseline/harness.js";
import type { Change, Driven, Step } from "./drive.js";

export interface Expected {
	readonly changes: readonly Change[];
	readonly late: number;
	readonly lateChanges: readonly Change[];
}

export function expected({ spec, inputs, output, batch }: Driven, steps: readonly Step[]): Expected {
	const flat = steps.flatMap((step): RowStep[] => {
		if ("watermark" in step) return [step];
		if ("restore" in step) return [];
		return step.changes.map(([kind, row]) => ({ kind, row, input: step.input ?? 0 }));
	});
	const outcome = run({ specs: [spec], inputs, outputs: [output], batch: batch ?? false }, flat);
	const [changes, lateChanges] = [outcome.changes, outcome.lateChanges].map((all) =>
		all.map(({ kind, row }): Change => [kind, row]),
	);
	return { changes: changes!, late: outcome.late, lateChanges: lateChanges! };
}
