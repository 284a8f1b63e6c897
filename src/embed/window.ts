// How windowAggregate cuts event time.
import { EngineError } from "../errors.js";
import type { WindowSpec } from "../job/window.js";
import { checkNames, wholeNumber } from "./options.js";
import { shown } from "./shown.js";

type WindowKind = "tumble" | "hop" | "cumulate" | "session";

/** How time is cut into windows. Made by tumble, hop, cumulate and session. */
export interface Window {
	readonly kind: WindowKind;
	readonly sizes: Readonly<Record<string, number>>;
}

/** Windows of `size` ms, one after the other. `offset` shifts their starts from the epoch. */
export const tumble = (size: number, offset = 0): Window => ({
	kind: "tumble",
	sizes: { size: positive("size", size), offset: integer("offset", offset) },
});

/** Windows of `size` ms that begin every `slide` ms. */
export const hop = (sizes: { size: number; slide: number; offset?: number }): Window => {
	checkNames("hop", sizes, ["size", "slide", "offset"]);
	const { size, slide, offset = 0 } = sizes;
	return {
		kind: "hop",
		sizes: { size: positive("size", size), slide: positive("slide", slide), offset: integer("offset", offset) },
	};
};

/** Windows of `size` ms that send what they have every `step` ms. */
export const cumulate = (sizes: { size: number; step: number; offset?: number }): Window => {
	checkNames("cumulate", sizes, ["size", "step", "offset"]);
	const { size, step, offset = 0 } = sizes;
	if (positive("size", size) % positive("step", step) !== 0) {
		throw new EngineError("INVALID_OPTION", `size ${size} is no multiple of step ${step}`, {
			expected: "a size of whole steps",
			remedy: "Change one of them",
		});
	}
	return { kind: "cumulate", sizes: { size, step, offset: integer("offset", offset) } };
};

/** Windows per key that end when nothing has come for `gap` ms. */
export const session = (gap: number): Window => ({ kind: "session", sizes: { gap: positive("gap", gap) } });

const positive = (option: string, value: number) => wholeNumber(option, value, 1, "milliseconds");
const integer = (option: string, value: number) => wholeNumber(option, value, Number.MIN_SAFE_INTEGER, "milliseconds");

type Sizes = { size: number; slide: number; step: number; gap: number; offset?: number };

/** By kind, from sizes that anybody may have put together. */
const MAKERS: Readonly<Record<WindowKind, (sizes: Sizes) => Window>> = {
	tumble: ({ size, offset }) => tumble(size, offset),
	hop,
	cumulate,
	session: ({ gap }) => session(gap),
};

export function windowSpec(window: Window, time: number, keys: readonly number[]): WindowSpec {
	const { kind } = window ?? {};
	if (!Object.hasOwn(MAKERS, kind) || typeof window.sizes !== "object" || window.sizes === null) {
		throw new EngineError("INVALID_OPTION", `window is ${shown(window)}`, {
			expected: "tumble(…), hop(…), cumulate(…) or session(…)",
			remedy: "Write window: tumble(10_000)",
		});
	}
	const { sizes } = MAKERS[kind](window.sizes as Sizes);
	const spec = { kind, time, eventTime: true, ...sizes, ...(kind === "session" && { partition: keys }) };
	return spec as unknown as WindowSpec;
}
