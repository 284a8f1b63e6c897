// Kernels that there is one of per width of a value. Choosing one by number costs some nanoseconds; by a name put together from the width,
// eighty: V8 has to find the string first, and then one property in hundreds.
import type { KernelExports } from "./kernel-exports.js";

/** Bytes of a value. */
export type ValueWidth = 1 | 2 | 4 | 8 | 16;

type ByWidth<Name extends keyof KernelExports> = Readonly<Record<ValueWidth, KernelExports[Name]>>;

export interface WidthKernels {
	readonly take: ByWidth<"take1">;
	readonly scatter: ByWidth<"scatter1">;
	readonly rowsRead: ByWidth<"rowsRead1">;
	readonly rowsWrite: ByWidth<"rowsWrite1">;
	readonly segmentsRead: ByWidth<"segmentsRead1">;
	readonly changelogDiffer: ByWidth<"changelogDiffer1">;
	readonly changelogPick: ByWidth<"changelogPick1">;
	readonly keyHash: ByWidth<"keyHash1">;
}

export function widthKernels(kernels: KernelExports): WidthKernels {
	const family = <Name extends keyof WidthKernels>(name: Name) => ({
		1: kernels[`${name}1`],
		2: kernels[`${name}2`],
		4: kernels[`${name}4`],
		8: kernels[`${name}8`],
		16: kernels[`${name}16`],
	});
	return {
		take: family("take"),
		scatter: family("scatter"),
		rowsRead: family("rowsRead"),
		rowsWrite: family("rowsWrite"),
		segmentsRead: family("segmentsRead"),
		changelogDiffer: family("changelogDiffer"),
		changelogPick: family("changelogPick"),
		keyHash: family("keyHash"),
	};
}
