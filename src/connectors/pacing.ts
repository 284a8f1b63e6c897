// Waiting, for sources that are not always ready: cut short when the job is cancelled.

/** Settles after `ms`, at least 1, or when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const wake = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", wake);
			resolve();
		};
		const timer = setTimeout(wake, Math.max(1, Math.ceil(ms)));
		signal.addEventListener("abort", wake);
	});
}

/** Settles when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
