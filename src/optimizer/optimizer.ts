// Drives the rules: in order, each over the whole plan, timed; with `verify` the plan is checked after every rule.
import { EngineError } from "../errors.js";
import type { PlanNode } from "../plan/nodes.js";
import type { FunctionContext } from "../types/function-context.js";
import { rules } from "./rules.js";
import { verifyPlan } from "./verify.js";

export interface OptimizerContext {
	readonly batch: boolean;
	readonly options: Readonly<Record<string, string>>;
	readonly context: FunctionContext;
	/** Only the rules without which a plan cannot be translated, or would mean something else. */
	readonly requiredOnly?: boolean | undefined;
	/** Checks the plan after each rule; for tests. */
	readonly verify?: boolean | undefined;
	/** Called after each rule that changed something. */
	readonly onRule?: ((rule: string, milliseconds: number, plans: readonly PlanNode[]) => void) | undefined;
}

/** One step: gives back plans of the same meaning and output, the same array when there is nothing to do. */
export interface Rule {
	readonly name: string;
	readonly required?: boolean;
	apply(roots: readonly PlanNode[], context: OptimizerContext): readonly PlanNode[];
}

/** The plans of one job (several for a statement set), optimized together. */
export function optimize(roots: readonly PlanNode[], context: OptimizerContext): readonly PlanNode[] {
	let plans = roots;
	if (context.verify) verifyPlan(plans, "binder");
	for (const rule of rules) {
		if (context.requiredOnly && !rule.required) continue;
		const start = performance.now();
		const next = rule.apply(plans, context);
		if (next === plans) continue;
		context.onRule?.(rule.name, performance.now() - start, next);
		if (context.verify) verifySame(plans, next, rule.name);
		plans = next;
	}
	return plans;
}

function verifySame(before: readonly PlanNode[], after: readonly PlanNode[], rule: string): void {
	verifyPlan(after, rule);
	const kinds = (plans: readonly PlanNode[]) =>
		JSON.stringify(plans.map((plan) => plan.schema.map((field) => [field.name, field.type.kind])));
	if (kinds(before) !== kinds(after)) {
		throw new EngineError(
			"INTERNAL",
			`Rule ${rule} changed the plan's output from ${kinds(before)} to ${kinds(after)}`,
		);
	}
}
