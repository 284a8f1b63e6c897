// Debug builds: bytes behind every block and every piece of an arena that nobody may write. A kernel that wrote past its end is found when
// the memory is given back.
import { EngineError } from "../errors.js";
import type { Kernels } from "./kernels.js";

export const GUARD_BYTES = 16;
const GUARD = 0xca;

/** Makes the bytes from `address` to `end` untouchable. */
export const setGuard = (kernels: Kernels, address: number, end: number): void => {
	kernels.fillBytes(address, GUARD, end - address);
};

/** Fails when one of the bytes from behind the `bytes` at `address` to `end` has been written. */
export function checkGuard({ memory }: Kernels, address: number, bytes: number, end: number, operator: string): void {
	const from = address + bytes;
	const guard = new Uint8Array(memory.buffer, from, end - from);
	const written = guard.findIndex((byte) => byte !== GUARD);
	if (written < 0) return;
	const problem = `something was written past the end of the ${bytes} bytes at ${address}: at byte ${bytes + written}`;
	throw new EngineError("INTERNAL", problem, { operator });
}
