// Regions that jobs of this thread have finished with, for the next job: its memory has been touched, and tables may be kept in it.
import { Region } from "./region.js";

/** A region whose memory is larger is let go, unless tables are kept in it. */
const KEPT_BYTES = 512 * 1024 ** 2;

const idle: Region[] = [];

/** A region for one job, of no limit but memory's own. */
export async function takeRegion(): Promise<Region> {
	return idle.pop() ?? (await Region.create());
}

/** After a job that ended well. A region in which something is left that is not meant to stay is not used again. */
export function giveBackRegion(region: Region): void {
	const isClean = region.heap.usedBytes === region.residentBytes;
	const isSmall = region.kernels.memory.buffer.byteLength <= KEPT_BYTES;
	if (isClean && idle.length === 0 && (isSmall || region.residentBytes > 0)) idle.push(region);
}
