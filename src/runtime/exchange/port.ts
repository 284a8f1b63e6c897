// A slot's way to the other slots of its job: rings and doorbells in shared memory, or in one thread's memory for tests.
//
// No deadlock: messages are delivered for consumers late in the graph first, and a consumer's edge waits while anything sent to
// later consumers is stuck. The last consumer therefore always reads, which frees the one before it, and so on; and what waits
// for credit is bounded by what one message makes.
import type { JobEdge, JobGraph, JobVertex } from "../../job/job-graph.js";
import type { Region } from "../../wasm/region.js";
import type { ExchangePort } from "../dataflow.js";
import type { Receiver } from "../dataflow-node.js";
import { ReceivingChannel, SendingChannel } from "./channel.js";
import type { Doorbell } from "./doorbell.js";
import { InputGate } from "./input-gate.js";
import { claimsAt, type ExchangeLayout } from "./layout.js";
import { Partitioner, type Target } from "./partitioner.js";
import { maxPayloadOf, Ring } from "./ring.js";

interface Incoming {
	readonly target: number;
	readonly channel: ReceivingChannel;
}

interface Outgoing {
	readonly from: number;
	readonly target: number;
	readonly channel: SendingChannel;
}

/** The memory of a job's exchanges, and one slot's doorbell. */
export interface ExchangeMemory {
	readonly layout: ExchangeLayout;
	readonly memory: SharedArrayBuffer;
	readonly doorbell: Doorbell;
	/** For tests: whether to leave a message lie, this time. */
	readonly holdBack?: (() => boolean) | undefined;
}

export class SharedPort implements ExchangePort {
	readonly #graph: JobGraph;
	readonly #layout: ExchangeLayout;
	readonly #memory: SharedArrayBuffer;
	readonly #slot: number;
	readonly #region: Region;
	readonly #doorbell: Doorbell;
	readonly #holdBack: (() => boolean) | undefined;
	/** Late consumers first. */
	readonly #incoming: Incoming[] = [];
	readonly #outgoing: Outgoing[] = [];
	readonly #partitioners: Partitioner[] = [];
	/** The inputs of this slot's vertices, see gateName. */
	readonly #gates = new Map<string, { readonly target: number; readonly gate: InputGate }>();

	constructor(graph: JobGraph, { layout, memory, doorbell, holdBack }: ExchangeMemory, slot: number, region: Region) {
		this.#graph = graph;
		this.#layout = layout;
		this.#memory = memory;
		this.#slot = slot;
		this.#region = region;
		this.#doorbell = doorbell;
		this.#holdBack = holdBack;
	}

	claims({ id }: JobVertex): () => number {
		const claimed = new Int32Array(this.#memory, claimsAt(this.#layout.slots, id), 1);
		return () => Atomics.add(claimed, 0, 1);
	}

	outgoing(edge: JobEdge, target: JobVertex, input: number, region: Region): Receiver {
		const targets = Array.from({ length: target.parallelism }, (_, to): Target => {
			if (to === this.#slot) return this.#local(target.id, input);
			const channel = new SendingChannel(this.#ring(target.id, input, this.#slot, to), region, () =>
				this.#doorbell.ring(to),
			);
			this.#outgoing.push({ from: edge.from, target: target.id, channel });
			return {
				receiver: channel,
				get congested() {
					return channel.congested;
				},
			};
		});
		const { maxParallelism } = this.#graph;
		const maxPayload = maxPayloadOf(this.#layout.capacity);
		const { schema } = this.#graph.vertices[edge.from]!;
		const options = { schema, maxParallelism, maxPayload, first: this.#slot };
		const partitioner = new Partitioner(region, edge.exchange, targets, options);
		this.#partitioners.push(partitioner);
		return partitioner;
	}

	incoming(edge: JobEdge, target: JobVertex, input: number, receivers: readonly Receiver[]): void {
		const { schema } = this.#graph.vertices[edge.from]!;
		const gate = new InputGate(this.#region, schema, receivers);
		this.#gates.set(gateName(target.id, input), { target: target.id, gate });
		for (const from of receivers.keys()) {
			if (from === this.#slot) continue;
			const ring = this.#ring(target.id, input, from, this.#slot);
			const channel = new ReceivingChannel(ring, gate, from, () => this.#doorbell.ring(from));
			this.#incoming.push({ target: target.id, channel });
		}
		this.#incoming.sort((left, right) => right.target - left.target);
	}

	/** At most one message per channel, so that sinks' promises can be awaited in between. */
	poll(): boolean {
		this.#doorbell.look();
		let progressed = false;
		for (const { channel } of this.#outgoing) if (channel.congested && channel.flush()) progressed = true;
		for (const { target, channel } of this.#incoming) {
			if (!channel.hasMessage || this.#isStuckBeyond(target)) continue;
			const mark = this.#region.arena.mark();
			if (this.#holdBack?.() || channel.poll()) progressed = true;
			this.#region.arena.release(mark);
		}
		return progressed;
	}

	flush(): boolean {
		let sent = false;
		for (const { target, gate } of this.#gates.values()) if (!this.#isStuckBeyond(target) && gate.flush()) sent = true;
		for (const partitioner of this.#partitioners) if (partitioner.flush()) sent = true;
		return sent;
	}

	dispose(): void {
		for (const { gate } of this.#gates.values()) gate.dispose();
		for (const partitioner of this.#partitioners) partitioner.dispose();
		for (const { channel } of this.#outgoing) channel.dispose();
	}

	get congested(): boolean {
		return this.#isStuckBeyond(-1);
	}

	/** Whether something sent to a consumer later than `target` waits for credit. */
	#isStuckBeyond(target: number): boolean {
		for (const out of this.#outgoing) if (out.target > target && out.channel.congested) return true;
		return false;
	}

	/** Everything has been received, and everything sent has left. */
	get ended(): boolean {
		return (
			this.#incoming.every(({ channel }) => channel.ended) && this.#outgoing.every(({ channel }) => channel.isEmpty)
		);
	}

	get cancelled(): boolean {
		return this.#doorbell.cancelled;
	}

	park(maxMs: number): boolean {
		return this.#doorbell.park(maxMs);
	}

	wait(): Promise<void> {
		return this.#doorbell.wait();
	}

	/** Consumers, in any slot, that what is stuck here is for. */
	get stuckTargets(): readonly number[] {
		return this.#outgoing.filter(({ channel }) => channel.congested).map(({ target }) => target);
	}

	inputFill(vertex: number): number {
		return highest(this.#incoming, ({ target }) => target === vertex);
	}

	outputFill(vertex: number): number {
		return highest(this.#outgoing, ({ from }) => from === vertex);
	}

	/** The channel within this slot; its gate is looked up when first used: consumers are wired after their producers. */
	#local(target: number, input: number): Target {
		const name = gateName(target, input);
		const gate = () => this.#gates.get(name)!.gate;
		return {
			receiver: {
				batch: (batch) => gate().batch(batch),
				watermark: (time) => gate().watermark(this.#slot, time),
				idle: (idle) => gate().idle(this.#slot, idle),
				end: () => gate().end(this.#slot),
			},
			rows: (batch, list, n) => gate().rows(batch, list, n),
			congested: false,
		};
	}

	#ring(target: number, input: number, from: number, to: number): Ring {
		const place = this.#layout.rings.find(
			(ring) => ring.target === target && ring.input === input && ring.from === from && ring.to === to,
		)!;
		return new Ring(this.#memory, place.offset, this.#layout.capacity);
	}
}

const gateName = (target: number, input: number) => `${target}:${input}`;

function highest<T extends { readonly channel: { readonly fill: number } }>(
	ends: readonly T[],
	counts: (end: T) => boolean,
) {
	return ends.reduce((most, end) => (counts(end) ? Math.max(most, end.channel.fill) : most), 0);
}
