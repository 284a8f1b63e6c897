// What the baseline makes of the same steps.
import { type Step as RowStep, run } from "../baseline/harness.js";
import type { Change, Driven, Step } from "./drive.js";

export interface Expected {
	readonly changes: readonly Change[];
	readonly late: number;
}

export function expected({ spec, inputs, output, batch }: Driven, steps: readonly Step[]): Expected {
	const flat = steps.flatMap((step): RowStep[] => {
		if ("watermark" in step) return [step];
		if ("restore" in step) return [];
		return step.changes.map(([kind, row]) => ({ kind, row, input: step.input ?? 0 }));
	});
	const outcome = run({ specs: [spec], inputs, outputs: [output], batch: batch ?? false }, flat);
	return { changes: outcome.changes.map(({ kind, row }) => [kind, row] as const), late: outcome.late };
}
