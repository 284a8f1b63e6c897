// The one allocator of a kernel memory: size classes over linear memory, accounted per owner, with a limit. Kernels never allocate.
import { EngineError } from "../errors.js";
import { checkGuard, GUARD_BYTES, setGuard } from "./guards.js";
import { type Kernels, PAGE_BYTES } from "./kernels.js";

/** Whoever memory is accounted to: an operator. `bytes` is what it holds now. */
export interface MemoryOwner {
	readonly operator: string;
	/** Memory that all operators of a task use in turn: whichever runs when there is no more is named by the task. */
	readonly isShared: boolean;
	bytes: number;
	peakBytes: number;
}

export const memoryOwner = (operator: string, isShared = false): MemoryOwner => ({
	operator,
	isShared,
	bytes: 0,
	peakBytes: 0,
});

/** The option that sets the limit of one task's memory, named in OUT_OF_MEMORY errors. */
export const MEMORY_OPTION = "taskmanager.memory.task.size";
export const MAX_MEMORY_BYTES = 4 * 1024 ** 3 - PAGE_BYTES;

const MIN_CLASS_BYTES = 64;
/**
 * Linear memory grows by at least this many bytes and doubles: each growth makes a new ArrayBuffer of all of it, by whose size V8 is
 * driven to collect garbage, while pages that nobody touches cost nothing.
 */
const GROWTH_BYTES = 1 << 24;

/**
 * Blocks are 64-byte aligned and rounded up to a size class (four per power of two, so at most 25 % is lost), which is what
 * kernels rely on when they read whole 16-byte lanes past the last value. They write nothing there: debug builds check it. Freed blocks are reused for the same class;
 * fresh memory comes from the end. Contents are not cleared. O(1) per call. Frees are sized.
 */
export class Heap {
	readonly #kernels: Kernels;
	readonly limitBytes: number;
	/** The setting to raise, named when memory runs out. */
	readonly #setting: string;
	/** Free blocks by class size. */
	readonly #free = new Map<number, number[]>();
	/**
	 * Live blocks (address → bytes asked for): debug builds only, finds double frees and leaks. Behind what was asked for, to the end of the
	 * class and beyond it, lies a guard.
	 */
	readonly #live: Map<number, number> | undefined;
	/** Called when the memory has grown, which makes views of it void. */
	onGrowth: () => void = () => {};
	/** Where blocks begin. */
	readonly #start: number;
	#next: number;
	/** The greatest `#next` before the last reset. */
	#touched = 0;
	#end: number;
	#usedBytes = 0;

	constructor(kernels: Kernels, limitBytes = MAX_MEMORY_BYTES, setting = MEMORY_OPTION) {
		this.#kernels = kernels;
		this.#setting = setting;
		this.limitBytes = Math.min(limitBytes, MAX_MEMORY_BYTES);
		this.#start = Math.ceil(kernels.heapBase() / 64) * 64;
		this.#next = this.#start;
		this.#end = kernels.memory.buffer.byteLength;
		this.#live = kernels.build === "debug" ? new Map() : undefined;
	}

	/** Bytes in live blocks. */
	get usedBytes(): number {
		return this.#usedBytes;
	}

	/** Where memory begins that no block has ever lain in: what lies before it the system may have had to provide, what is behind costs nothing. */
	get touchedBytes(): number {
		return Math.max(this.#touched, this.#next);
	}

	/** Like `touchedBytes`, of blocks since the last reset. */
	get reachedBytes(): number {
		return this.#next;
	}

	/**
	 * Forgets how freed blocks have cut up the memory, so that blocks of other sizes can lie where they lay. No block may be live.
	 * Throws INTERNAL if one is.
	 */
	reset(): void {
		if (this.#usedBytes > 0) {
			throw new EngineError("INTERNAL", `reset of a heap of which ${this.#usedBytes} bytes are in use`);
		}
		this.#touched = this.touchedBytes;
		this.#free.clear();
		this.#next = this.#start;
	}

	/** Whether memory is checked: debug builds. */
	get isChecked(): boolean {
		return this.#live !== undefined;
	}

	/** Addresses of live blocks (debug builds; else empty). */
	liveBlocks(): readonly number[] {
		return this.#live ? [...this.#live.keys()] : [];
	}

	/** A block of at least `bytes`. Throws OUT_OF_MEMORY naming the owner; nothing is changed then. */
	allocate(bytes: number, owner: MemoryOwner): number {
		const size = classBytes(bytes);
		if (this.#usedBytes + size > this.limitBytes) throw this.#outOfMemory(bytes, owner);
		const address = this.#free.get(size)?.pop() ?? this.#fresh(size, bytes, owner);
		this.#guard(address, bytes);
		this.#usedBytes += size;
		owner.bytes += size;
		if (owner.bytes > owner.peakBytes) owner.peakBytes = owner.bytes;
		return address;
	}

	/** Like `allocate`, with all bytes zero. */
	allocateZeroed(bytes: number, owner: MemoryOwner): number {
		const address = this.allocate(bytes, owner);
		this.#kernels.fillBytes(address, 0, classBytes(bytes));
		this.#guard(address, bytes);
		return address;
	}

	/** Gives a block back; `bytes` is what was asked for. */
	free(address: number, bytes: number, owner: MemoryOwner): void {
		const size = classBytes(bytes);
		if (this.#live) {
			this.#check(address, bytes, owner);
			this.#live.delete(address);
			this.#kernels.fillBytes(address, 0xdb, size);
		}
		let blocks = this.#free.get(size);
		if (!blocks) {
			blocks = [];
			this.#free.set(size, blocks);
		}
		blocks.push(address);
		this.#usedBytes -= size;
		owner.bytes -= size;
	}

	/** Moves a block to one of another size, keeping the common prefix; bytes beyond are zero. The old address is void afterwards. */
	reallocate(address: number, oldBytes: number, newBytes: number, owner: MemoryOwner): number {
		let target = address;
		if (classBytes(oldBytes) === classBytes(newBytes)) {
			this.#check(address, oldBytes, owner);
			this.#guard(address, newBytes);
		} else {
			target = this.allocate(newBytes, owner);
			this.#kernels.copyBytes(target, address, Math.min(oldBytes, newBytes));
			this.free(address, oldBytes, owner);
		}
		if (newBytes > oldBytes) this.#kernels.fillBytes(target + oldBytes, 0, newBytes - oldBytes);
		return target;
	}

	#guard(address: number, bytes: number): void {
		if (!this.#live) return;
		this.#live.set(address, bytes);
		setGuard(this.#kernels, address + bytes, address + classBytes(bytes) + GUARD_BYTES);
	}

	#check(address: number, bytes: number, { operator }: MemoryOwner): void {
		if (!this.#live) return;
		const expected = this.#live.get(address);
		if (expected !== bytes) {
			const problem =
				expected === undefined ? "is not allocated (freed twice?)" : `has ${expected} bytes, not ${bytes}`;
			throw new EngineError("INTERNAL", `free of block ${address}, which ${problem}`, { operator });
		}
		checkGuard(this.#kernels, address, bytes, address + classBytes(bytes) + GUARD_BYTES, operator);
	}

	#fresh(size: number, bytes: number, owner: MemoryOwner): number {
		const taken = this.#live ? size + Math.max(GUARD_BYTES, MIN_CLASS_BYTES) : size;
		if (this.#next + taken > this.#end) this.#grow(this.#next + taken - this.#end, bytes, owner);
		const address = this.#next;
		this.#next += taken;
		return address;
	}

	#grow(missing: number, bytes: number, owner: MemoryOwner): void {
		if (this.#end + missing > MAX_MEMORY_BYTES) throw this.#outOfMemory(bytes, owner);
		const wanted = Math.min(Math.max(missing, GROWTH_BYTES, this.#end), MAX_MEMORY_BYTES - this.#end);
		try {
			this.#kernels.memory.grow(Math.ceil(wanted / PAGE_BYTES));
		} catch {
			this.#growTightly(missing, bytes, owner);
		}
		this.#end = this.#kernels.memory.buffer.byteLength;
		this.onGrowth();
	}

	#growTightly(missing: number, bytes: number, owner: MemoryOwner): void {
		try {
			this.#kernels.memory.grow(Math.ceil(missing / PAGE_BYTES));
		} catch (cause) {
			throw this.#outOfMemory(bytes, owner, cause);
		}
	}

	#outOfMemory(bytes: number, owner: MemoryOwner, cause?: unknown): EngineError {
		const own = `${mebibytes(owner.bytes)} ${owner.isShared ? "for batches in flight" : "by this operator"}`;
		const used = `${mebibytes(this.#usedBytes)} of ${mebibytes(this.limitBytes)} in use, ${own}`;
		return new EngineError("OUT_OF_MEMORY", `no memory for ${bytes} more bytes (${used})`, {
			operator: owner.isShared ? undefined : owner.operator,
			remedy:
				this.#setting === MEMORY_OPTION
					? `Raise '${MEMORY_OPTION}' (at most 4 GiB per task), raise 'parallelism.default', or bound the state`
					: `Raise '${this.#setting}' (at most 4 GiB), or bound the state`,
			cause,
		});
	}
}

/** The size class of a request: 64, 80, 96, 112, 128, 160, … rounded up to 64-byte multiples. */
export function classBytes(bytes: number): number {
	if (bytes <= MIN_CLASS_BYTES) return MIN_CLASS_BYTES;
	const step = Math.max(2 ** (Math.ceil(Math.log2(bytes)) - 3), MIN_CLASS_BYTES);
	return Math.ceil(bytes / step) * step;
}

const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
