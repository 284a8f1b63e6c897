// CPU time of the whole process and of its busiest thread, beside the wall clock: on a machine that does other work too, only CPU time
// tells whether the work was divided evenly, and what two free cores would make of it.
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

export interface Spent {
	readonly seconds: number;
	/** All threads, those of V8 included. */
	readonly cpuSeconds: number;
	/** Of the thread that worked most; NaN where the system does not say. */
	readonly busiestSeconds: number;
}

export async function spent(work: () => Promise<unknown>): Promise<Spent> {
	const threads = threadSeconds();
	const cpuBefore = process.cpuUsage();
	const start = performance.now();
	await work();
	const seconds = (performance.now() - start) / 1000;
	const cpu = process.cpuUsage(cpuBefore);
	let busiest = Number.NaN;
	for (const [thread, after] of threadSeconds()) {
		const own = after - (threads.get(thread) ?? 0);
		if (!(own <= busiest)) busiest = own;
	}
	return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, busiestSeconds: busiest };
}

/** What it would take with every core to itself: no less than its busiest thread, no less than all its work on all cores. */
export function onFreeCores({ cpuSeconds, busiestSeconds }: Spent, cores = cpus().length): number {
	return Math.max(busiestSeconds, cpuSeconds / cores);
}

/** CPU seconds of this process's threads by id, where Linux tells. */
function threadSeconds(): Map<string, number> {
	const seconds = new Map<string, number>();
	try {
		for (const thread of readdirSync("/proc/self/task")) {
			const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, "utf8").split(" ");
			seconds.set(thread, Number(nanoseconds) / 1e9);
		}
	} catch {
		// A thread has ended meanwhile, or this is not Linux.
	}
	return seconds;
}
