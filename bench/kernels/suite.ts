// The kernels: every operator and shape of expression. One line per family of cases.
import type { Case } from "../measure.js";
import { aggregateCases } from "./aggregate.js";
import { boundaryCases } from "./boundary.js";
import { changeCases } from "./changes.js";
import { expressionCases } from "./expression.js";
import { joinCases } from "./join.js";
import { joinKindCases } from "./join-kinds.js";
import { orderCases } from "./order.js";
import { windowCases } from "./window.js";
import { windowKindCases } from "./window-kinds.js";

export const kernels = (rows: number): readonly Case[] => [
	...aggregateCases(rows),
	...windowCases(rows),
	...windowKindCases(Math.floor(rows / 10)),
	...joinCases(rows),
	...joinKindCases(rows),
	...orderCases(rows),
	...changeCases(rows),
	...expressionCases(rows),
	...boundaryCases(),
];
