// The slots of a job live and die together: the first failure stops the others, and is what the job fails with.
import { EngineError } from "../errors.js";

/** Waits for all. `stop` is called once, at the first failure, which is thrown when all have ended. */
export async function together<T>(slots: readonly Promise<T>[], stop: () => void): Promise<T[]> {
	let failed = false;
	let failure: unknown;
	const guarded = slots.map((slot) =>
		slot.catch((cause) => {
			if (failed) return;
			failed = true;
			failure = cause;
			stop();
		}),
	);
	const results = await Promise.all(guarded);
	if (failed) throw EngineError.from(failure);
	return results as T[];
}

/** What the slots' sinks want committed, by vertex. */
export function mergeCommittables(
	slots: readonly Iterable<readonly [number, readonly unknown[]]>[],
): Map<number, unknown[]> {
	const merged = new Map<number, unknown[]>();
	for (const slot of slots) {
		for (const [vertex, items] of slot) merged.set(vertex, [...(merged.get(vertex) ?? []), ...items]);
	}
	return merged;
}
