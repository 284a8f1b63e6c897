// The session's configuration: what SET and RESET change. Options set later win; unknown keys are kept, as in Flink.

/** Options by key over the defaults the session was opened with. */
export class SessionOptions {
	readonly #initial: ReadonlyMap<string, string>;
	#values: Map<string, string>;

	constructor(initial: Readonly<Record<string, string>> = {}) {
		this.#initial = new Map(Object.entries(initial));
		this.#values = new Map(this.#initial);
	}

	get(key: string): string | undefined {
		return this.#values.get(key);
	}

	set(key: string, value: string): void {
		this.#values.set(key, value);
	}

	/** Back to what the session was opened with; without a key, everything. */
	reset(key?: string): void {
		if (key === undefined) {
			this.#values = new Map(this.#initial);
			return;
		}
		const initial = this.#initial.get(key);
		if (initial === undefined) this.#values.delete(key);
		else this.#values.set(key, initial);
	}

	/** All options, sorted by key. */
	entries(): [key: string, value: string][] {
		return [...this.#values].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
	}

	/** `execution.runtime-mode` is batch. */
	get batch(): boolean {
		return this.get("execution.runtime-mode")?.toLowerCase() === "batch";
	}

	/** `table.local-time-zone`; `default` is UTC. */
	get timeZone(): string {
		const zone = this.get("table.local-time-zone");
		return zone === undefined || zone === "default" ? "UTC" : zone;
	}
}
