// Regions that jobs of this thread have finished with, for the next job: its memory has been touched, and tables may be kept in it.
import { Region } from "./region.js";

/** What idle regions may hold of the system's memory together; one in which tables are kept is never let go. */
const KEPT_BYTES = 512 * 1024 ** 2;
/** Of a region that holds more than that, what the last job must have used for it to be kept. */
const USED_SHARE = 1 / 4;

/** The next one to take comes last. */
const idle: Region[] = [];

/** A region for one job, of no limit but memory's own. */
export async function takeRegion(): Promise<Region> {
	return idle.pop() ?? (await Region.create());
}

/**
 * After a job that ended well. A region in which something is left that is not meant to stay is not used again. `endsWhenIdle`: the
 * thread, and its memory with it, is soon gone if there are no more jobs; it may then hold any amount, as long as its jobs need that:
 * the system takes longer to provide a page (some microseconds) than operators to fill it.
 */
export function giveBackRegion(region: Region, endsWhenIdle = false): void {
	const { heap, residentBytes } = region;
	if (heap.usedBytes !== residentBytes) return;
	if (residentBytes > 0) {
		idle.push(region);
		return;
	}
	const isUsed = heap.reachedBytes >= heap.touchedBytes * USED_SHARE;
	heap.reset();
	const held = idle.reduce((sum, one) => sum + one.heap.touchedBytes, heap.touchedBytes);
	if (held <= KEPT_BYTES || (endsWhenIdle && isUsed)) idle.unshift(region);
}
