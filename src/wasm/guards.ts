// Debug builds: bytes behind every block and every piece of an arena that nobody may write. A kernel that wrote past its end is found when
// the memory is given back.
import { EngineError } from "../errors.js";
import type { Kernels } from "./kernels.js";

export const GUARD_BYTES = 16;
const GUARD = 0xcacacaca;

/** Makes the GUARD_BYTES at `address` (a multiple of 4) untouchable. */
export const setGuard = (kernels: Kernels, address: number): void => {
	kernels.fillBytes(address, GUARD & 0xff, GUARD_BYTES);
};

/** Fails when the guard behind a block of `bytes` at `address` has been written. */
export function checkGuard({ memory }: Kernels, address: number, bytes: number, operator: string): void {
	const words = new Uint32Array(memory.buffer, address + bytes, GUARD_BYTES / 4);
	if (words.every((word) => word === GUARD)) return;
	throw new EngineError("INTERNAL", `something was written past the end of the ${bytes} bytes at ${address}`, {
		operator,
	});
}
