// An operator's spec with steps to drive it through, and how its output is compared with the baseline's.
import fc from "fast-check";
import { expect } from "vitest";
import type { EngineError } from "../../../src/errors.js";
import { keyText } from "../../../src/types/compare.js";
import { type Change, type Driven, drive, fold, foldUpserts, type Step } from "../drive.js";
import { expected } from "../oracle.js";
import { type RandomInput, type RandomSteps, stepsOf } from "../random.js";

export interface RandomCase {
	readonly driven: Driven;
	readonly steps: readonly Step[];
	/** Columns of the upsert key, where the output has no -U. */
	readonly upsertKey?: readonly number[] | undefined;
	/** The rows come in a certain order. */
	readonly ordered?: boolean | undefined;
	/** What is compared instead of the changes. */
	readonly digest?: (changes: readonly Change[]) => readonly string[];
}

/** Random steps for a spec: the rest of the case stays as it is. */
export const withSteps = (
	of: Omit<RandomCase, "steps">,
	inputs: readonly Omit<RandomInput, "schema">[],
	options: RandomSteps = {},
): fc.Arbitrary<RandomCase> =>
	fc
		.tuple(
			stepsOf(
				inputs.map((input, i) => ({ ...input, schema: of.driven.inputs[i]! })),
				{ maxLength: 20, ...options },
			),
			// Addresses above 2 GiB are for the release build alone.
			fc.oneof({ weight: 7, arbitrary: fc.constant("debug") }, fc.constant("release"), fc.constant("high")),
		)
		.map(([steps, memory]) => {
			const build = memory === "debug" ? "debug" : "release";
			return { ...of, steps, driven: { ...of.driven, build, high: memory === "high" } };
		});

/** Both end in the same error, or say the same. */
export async function agrees({ driven, steps, upsertKey, ordered, digest }: RandomCase): Promise<void> {
	const types = driven.output.map(({ type }) => type);
	const read = (changes: readonly Change[]): readonly unknown[] => {
		if (digest) return digest(changes);
		// The entries of a MAP have no order.
		if (ordered) return changes.map(([kind, row]) => `${kind} ${keyText(row, types)}`);
		return upsertKey ? foldUpserts(changes, driven.output, upsertKey) : fold(changes, driven.output);
	};
	const wanted = await outcomeOf(() => {
		const { changes, late } = expected(driven, steps);
		return { late: driven.batch ? 0 : late, rows: read(changes) };
	});
	const found = await outcomeOf(async () => {
		const { changes, lateRecordsDropped } = await drive(driven, steps);
		return { late: driven.batch ? 0 : lateRecordsDropped, rows: read(changes) };
	});
	expect(found).toEqual(wanted);
}

async function outcomeOf<T>(run: () => T | Promise<T>): Promise<T | { readonly code: string }> {
	try {
		return await run();
	} catch (failure) {
		const { code } = failure as EngineError;
		if (code === undefined) throw failure;
		return { code };
	}
}
