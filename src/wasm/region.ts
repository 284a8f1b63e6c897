// A task's memory as operators see it: kernels, heap for state, arena for batches, and typed views of linear memory.
import { Arena } from "./arena.js";
import { Heap, type MemoryOwner, memoryOwner } from "./heap.js";
import { DEFAULT_BUILD, instantiateKernels, type KernelBuild, type Kernels, kernelModule } from "./kernels.js";
import { type WidthKernels, widthKernels } from "./width-kernels.js";

export interface MemoryLimit {
	readonly limitBytes?: number | undefined;
	/** The option that sets the limit; absent: MEMORY_OPTION. */
	readonly setting?: string | undefined;
}

/** One per task (worker or main thread). Views are renewed when memory grows: read them through the region, never keep them. */
export class Region {
	readonly kernels: Kernels;
	/** Of `kernels`, those chosen by the width of a value. */
	readonly byWidth: WidthKernels;
	readonly heap: Heap;
	readonly arena: Arena;
	readonly arenaOwner: MemoryOwner = memoryOwner("Batches", true);
	/** Of heap blocks that outlive jobs: tables that connectors keep in memory. */
	residentBytes = 0;
	#views: Views;

	constructor(kernels: Kernels, { limitBytes, setting }: MemoryLimit = {}) {
		this.kernels = kernels;
		this.byWidth = widthKernels(kernels);
		this.heap = new Heap(kernels, limitBytes, setting);
		this.arena = new Arena(kernels, this.heap, this.arenaOwner);
		this.#views = viewsOf(kernels.memory.buffer);
		this.heap.onGrowth = () => this.#renewViews();
	}

	static async create(options: { build?: KernelBuild } & MemoryLimit = {}): Promise<Region> {
		const build = options.build ?? DEFAULT_BUILD;
		return new Region(instantiateKernels(await kernelModule(build), build), options);
	}

	/**
	 * Debug builds: empties all views of the memory that anyone has, so that one that is kept too long is noticed. Release builds leave them: V8
	 * takes the time of a garbage collection for it when the memory is large.
	 */
	voidViews(): void {
		if (!this.heap.isChecked) return;
		// By nothing: that detaches the buffer, too.
		this.kernels.memory.grow(0);
		this.#renewViews();
	}

	#renewViews(): void {
		this.#views = viewsOf(this.kernels.memory.buffer);
	}

	/** Views of the whole memory; index = address divided by the element size. */
	get u8(): Uint8Array<ArrayBuffer> {
		return this.#views.u8;
	}
	get i32(): Int32Array<ArrayBuffer> {
		return this.#views.i32;
	}
	get u32(): Uint32Array<ArrayBuffer> {
		return this.#views.u32;
	}
	get f64(): Float64Array<ArrayBuffer> {
		return this.#views.f64;
	}
	get i64(): BigInt64Array<ArrayBuffer> {
		return this.#views.i64;
	}
	get data(): DataView<ArrayBuffer> {
		return this.#views.data;
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
