// A task's memory as operators see it: kernels, heap for state, arena for batches, and typed views of linear memory.
import { Arena } from "./arena.js";
import { Heap, type MemoryOwner, memoryOwner } from "./heap.js";
import { instantiateKernels, type KernelBuild, type Kernels, kernelModule } from "./kernels.js";

/** One per task (worker or main thread). Views are renewed when memory grows: read them through the region, never keep them. */
export class Region {
	readonly kernels: Kernels;
	readonly heap: Heap;
	readonly arena: Arena;
	readonly arenaOwner: MemoryOwner = memoryOwner("Batches");
	/** Of heap blocks that outlive jobs: tables that connectors keep in memory. */
	residentBytes = 0;
	#views: Views;

	constructor(kernels: Kernels, limitBytes?: number) {
		this.kernels = kernels;
		this.heap = new Heap(kernels, limitBytes);
		this.arena = new Arena(this.heap, this.arenaOwner);
		this.#views = viewsOf(kernels.memory.buffer);
	}

	static async create(options: { build?: KernelBuild; limitBytes?: number } = {}): Promise<Region> {
		const build = options.build ?? "release";
		return new Region(instantiateKernels(await kernelModule(build), build), options.limitBytes);
	}

	get #current(): Views {
		const buffer = this.kernels.memory.buffer;
		if (this.#views.u8.buffer !== buffer) this.#views = viewsOf(buffer);
		return this.#views;
	}

	/** Views of the whole memory; index = address divided by the element size. */
	get u8(): Uint8Array<ArrayBuffer> {
		return this.#current.u8;
	}
	get i32(): Int32Array<ArrayBuffer> {
		return this.#current.i32;
	}
	get u32(): Uint32Array<ArrayBuffer> {
		return this.#current.u32;
	}
	get f64(): Float64Array<ArrayBuffer> {
		return this.#current.f64;
	}
	get i64(): BigInt64Array<ArrayBuffer> {
		return this.#current.i64;
	}
	get data(): DataView<ArrayBuffer> {
		return this.#current.data;
	}
}

function viewsOf(buffer: ArrayBuffer) {
	// A memory's length need not be a multiple of 8 for no view: pages are 64 KiB.
	return {
		u8: new Uint8Array(buffer),
		i32: new Int32Array(buffer),
		u32: new Uint32Array(buffer),
		f64: new Float64Array(buffer),
		i64: new BigInt64Array(buffer),
		data: new DataView(buffer),
	};
}

type Views = ReturnType<typeof viewsOf>;
