// What a seed lets go wrong in a simulated job, and when: at the n-th occasion of its kind, or at a turn of the schedule.
import { EngineError } from "../../src/errors.js";
import type { Random } from "./random.js";

/** `source`: a reader fails; `operator`: an operator; `write`: a sink at once; `later`: a sink's promise; `cancel`: the user. */
export const FAULTS = ["none", "source", "operator", "write", "later", "cancel"] as const;
export type FaultKind = (typeof FAULTS)[number];

export class Faults {
	readonly kind: FaultKind;
	readonly at: number;
	#occasions = 0;
	/** Whether it has happened: a job may end before its turn comes. */
	happened = false;

	constructor(random: Random) {
		this.kind = random.chance(0.5) ? "none" : random.pick(FAULTS);
		this.at = 1 + Math.floor(random.next() ** 2 * 150);
	}

	/** Counts an occasion for a fault of this kind; whether it happens now. */
	strikes(kind: FaultKind): boolean {
		if (kind !== this.kind || ++this.#occasions !== this.at) return false;
		this.happened = true;
		return true;
	}

	throwIf(kind: FaultKind): void {
		if (this.strikes(kind)) throw injected(kind);
	}
}

export const injected = (kind: FaultKind) => new EngineError("CONNECTOR", `injected into ${kind}`);
