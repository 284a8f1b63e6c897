// Regions that jobs of this thread have finished with, for the next job: its memory has been touched, and tables may be kept in it.
import { Region } from "./region.js";

/** What idle regions may hold of the system's memory together; one in which tables are kept is never let go. */
const KEPT_BYTES = 512 * 1024 ** 2;

/** The next one to take comes last. */
const idle: Region[] = [];

/** A region for one job, of no limit but memory's own. */
export async function takeRegion(): Promise<Region> {
	return idle.pop() ?? (await Region.create());
}

/** After a job that ended well. A region in which something is left that is not meant to stay is not used again. */
export function giveBackRegion(region: Region): void {
	const { heap, residentBytes } = region;
	if (heap.usedBytes !== residentBytes) return;
	if (residentBytes > 0) {
		idle.push(region);
		return;
	}
	heap.reset();
	if (idle.reduce((sum, one) => sum + one.heap.touchedBytes, heap.touchedBytes) <= KEPT_BYTES) idle.unshift(region);
}
