// Where the rings and doorbells of a job lie in its shared memory. Every slot computes the same layout from the graph.
//
//     | doorbell per slot | claims per vertex | ring | ring | …      one ring per (edge, sending slot, other receiving slot)
//
// Claims are a u32 in 64 bytes: how many parts of a source its subtasks have taken.
import type { JobGraph } from "../../job/job-graph.js";
import { DOORBELL_BYTES } from "./doorbell.js";
import { ringBytes } from "./ring.js";

/** Rings take this much together where they are few, so that a burst (windows that fire, groups that leave) finds room. */
const RINGS_BYTES = 16 * 1024 * 1024;
const MOST_CAPACITY = 1024 * 1024;
/** Four messages of MESSAGE_BYTES. */
const LEAST_CAPACITY = 256 * 1024;

export interface RingPlace {
	/** The consumer of the edge, and which of its inputs the edge is. */
	readonly target: number;
	readonly input: number;
	readonly from: number;
	readonly to: number;
	readonly offset: number;
}

export interface ExchangeLayout {
	readonly slots: number;
	readonly capacity: number;
	readonly rings: readonly RingPlace[];
	readonly bytes: number;
}

const CLAIMS_BYTES = 64;

/** Where the claims of a vertex lie. */
export const claimsAt = (slots: number, vertex: number): number => slots * DOORBELL_BYTES + vertex * CLAIMS_BYTES;

/** Slots that a job takes: as many as its widest vertex has subtasks. */
export const slotsOf = (graph: JobGraph): number => Math.max(1, ...graph.vertices.map((vertex) => vertex.parallelism));

/** `ringCapacity`: a power of two; absent: as large as is useful and their number allows. */
export function exchangeLayout(graph: JobGraph, ringCapacity?: number): ExchangeLayout {
	const slots = slotsOf(graph);
	const pairs = pairsOf(graph);
	const capacity = ringCapacity ?? capacityOf(pairs.length);
	const rings: RingPlace[] = [];
	let offset = claimsAt(slots, graph.vertices.length);
	for (const pair of pairs) {
		rings.push({ ...pair, offset });
		offset += (ringBytes(capacity) + 63) & ~63;
	}
	return { slots, capacity, rings, bytes: offset };
}

/** The slots between which rows of an edge may travel. */
function pairsOf(graph: JobGraph): Omit<RingPlace, "offset">[] {
	const pairs: Omit<RingPlace, "offset">[] = [];
	for (const target of graph.vertices) {
		for (const [input, edge] of target.inputs.entries()) {
			if (edge.exchange.kind === "forward") continue;
			const senders = graph.vertices[edge.from]!.parallelism;
			for (let from = 0; from < senders; from++) {
				for (let to = 0; to < target.parallelism; to++) {
					if (from !== to) pairs.push({ target: target.id, input, from, to });
				}
			}
		}
	}
	return pairs;
}

function capacityOf(rings: number): number {
	let capacity = MOST_CAPACITY;
	while (capacity > LEAST_CAPACITY && capacity * rings > RINGS_BYTES) capacity /= 2;
	return capacity;
}
