// Where the rings and doorbells of a job lie in its shared memory. Every slot computes the same layout from the graph.
//
//     | doorbell per slot | ring | ring | …      one ring per (edge, sending slot, other receiving slot)
import type { JobGraph } from "../../job/job-graph.js";
import { DOORBELL_BYTES } from "./doorbell.js";
import { ringBytes } from "./ring.js";

/** Four messages of MESSAGE_BYTES. */
export const RING_CAPACITY = 256 * 1024;

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

/** Slots that a job takes: as many as its widest vertex has subtasks. */
export const slotsOf = (graph: JobGraph): number => Math.max(1, ...graph.vertices.map((vertex) => vertex.parallelism));

export function exchangeLayout(graph: JobGraph, capacity = RING_CAPACITY): ExchangeLayout {
	const slots = slotsOf(graph);
	const rings: RingPlace[] = [];
	let offset = slots * DOORBELL_BYTES;
	for (const target of graph.vertices) {
		for (const [input, edge] of target.inputs.entries()) {
			if (edge.exchange.kind === "forward") continue;
			const senders = graph.vertices[edge.from]!.parallelism;
			for (let from = 0; from < senders; from++) {
				for (let to = 0; to < target.parallelism; to++) {
					if (from === to) continue;
					rings.push({ target: target.id, input, from, to, offset });
					offset += (ringBytes(capacity) + 63) & ~63;
				}
			}
		}
	}
	return { slots, capacity, rings, bytes: offset };
}
