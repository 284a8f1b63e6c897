// The session's configuration: what SET and RESET change. Options set later win; keys that nobody knows are kept, as in Flink.
import type { SourcePosition } from "../errors.js";
import { checkSessionOption, type SessionOptionValues, sessionOption } from "../job/session-options.js";

/** Options by key over the defaults the session was opened with. */
export class SessionOptions {
	readonly #initial: ReadonlyMap<string, string>;
	#values: Map<string, string>;

	constructor(initial: Readonly<Record<string, string>> = {}) {
		for (const [key, value] of Object.entries(initial)) checkSessionOption(key, value);
		this.#initial = new Map(Object.entries(initial));
		this.#values = new Map(this.#initial);
	}

	get(key: string): string | undefined {
		return this.#values.get(key);
	}

	/** The value of a declared option, or its default. */
	value<K extends keyof SessionOptionValues>(key: K): SessionOptionValues[K] {
		return sessionOption(Object.fromEntries(this.#values), key);
	}

	/** `position`: of the value in the statement that sets it. */
	set(key: string, value: string, position?: SourcePosition): void {
		checkSessionOption(key, value, position);
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
		return this.value("execution.runtime-mode") === "batch";
	}

	/** `table.local-time-zone`; `default` is UTC. */
	get timeZone(): string {
		const zone = this.value("table.local-time-zone");
		return zone === "default" ? "UTC" : zone;
	}
}
