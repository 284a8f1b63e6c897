// The optimizer's rules in the order in which they run.
import type { Rule } from "./optimizer.js";
import { decorrelate } from "./rules/decorrelate.js";

export const rules: readonly Rule[] = [decorrelate];
