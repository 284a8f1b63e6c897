// What passes between the coordinating thread and the worker of a slot: the task, messages while it runs, the result.
import type { MessagePort } from "node:worker_threads";
import type { SerializedError } from "../errors.js";
import type { JobGraph } from "../job/job-graph.js";
import type { SqlType } from "../types/sql-type.js";
import type { OperatorFactory } from "./environment.js";

export interface SlotTask {
	readonly graph: JobGraph;
	readonly slot: number;
	/** Rings and doorbells, see exchange/layout.ts. */
	readonly exchange: SharedArrayBuffer;
	/** This slot's block of counters. */
	readonly metrics: SharedArrayBuffer;
	readonly memoryBytes?: number | undefined;
	/** URL of a module that exports `createOperators` as an OperatorsModule. */
	readonly operators: string;
	/** User functions that operators call. */
	readonly functions?: readonly FunctionModule[] | undefined;
	readonly port: MessagePort;
}

/** A user function that a worker can load by itself: what bound calls name it by, its SQL name and types, and its module. */
export interface FunctionModule {
	readonly id: string;
	readonly name: string;
	readonly parameters: readonly SqlType[];
	readonly returns: SqlType;
	/** `path` or `path#export`, see CREATE FUNCTION. */
	readonly module: string;
}

/** Brings the operators into a worker: those without kernels live in layers that the runtime does not know. */
export interface OperatorsModule {
	createOperators(graph: JobGraph, signal: AbortSignal, functions: readonly FunctionModule[]): Promise<OperatorFactory>;
}

export type ToWorker =
	| { readonly kind: "cancel" }
	/** The oldest unacknowledged result has been taken. */
	| { readonly kind: "credit" };

export type FromWorker =
	/** Operators and connectors are there; rows come next. */
	| { readonly kind: "running" }
	/** A batch for the collector of `vertex`, as exchange/batch-message.ts lays it out. */
	| { readonly kind: "result"; readonly vertex: number; readonly rows: number; readonly message: Uint8Array }
	| { readonly kind: "print"; readonly text: string; readonly error: boolean };

export type SlotResult =
	| { readonly committables: readonly (readonly [number, readonly unknown[]])[] }
	| { readonly error: SerializedError };
