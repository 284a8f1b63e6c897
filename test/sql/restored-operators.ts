// Operators whose state goes through a snapshot into a fresh instance before each batch, as at a checkpoint that is restored at once.
import type { OperatorFactory } from "../../src/runtime/environment.js";
import { Saved } from "../operators/saved.js";

/** Stops at the end of the first input: sources tell it again after a restore, which nobody does here. */
export const restored =
	(create: OperatorFactory): OperatorFactory =>
	(spec, context) => {
		let current = create(spec, context);
		let hasEnded = false;
		let watermark: number | undefined;
		const move: typeof current.process = (_batch, _input, out) => {
			if (hasEnded || !current.snapshot) return;
			current.flush?.(out);
			const saved = new Saved(context.region, context.region);
			current.snapshot(saved);
			current.dispose();
			current = create(spec, context);
			current.restore?.(saved);
			if (watermark !== undefined) current.advance?.(watermark, out);
		};
		return new Proxy(current, {
			get(_, name) {
				const value = Reflect.get(current, name) as unknown;
				if (typeof value !== "function") return value;
				return (...args: never[]) => {
					if (name === "process") move(...(args as unknown as Parameters<typeof move>));
					if (name === "advance") watermark = args[0];
					if (name === "finish") hasEnded = true;
					return (Reflect.get(current, name) as (...args: never[]) => unknown).apply(current, args);
				};
			},
		});
	};
