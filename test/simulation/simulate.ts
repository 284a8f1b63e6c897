// One simulated job: its query, parallelism, rings, stalls and faults all follow from a seed. See docs/runtime.md.
import { ChangelogTable } from "../../src/engine/changelog-table.js";
import { planQuery } from "../../src/engine/planner.js";
import { EngineError, Millrace } from "../../src/index.js";
import type { JobGraph } from "../../src/job/job-graph.js";
import { runInline } from "../../src/runtime/inline-job.js";
import { parseStatement } from "../../src/sql/index.js";
import { rowText } from "../../src/types/row-text.js";
import type { Row } from "../../src/types/value.js";
import { kernelModule } from "../../src/wasm/kernels.js";
import { Region } from "../../src/wasm/region.js";
import { SimulatedEnvironment, type World } from "./environment.js";
import { Faults } from "./faults.js";
import { QUERIES, TABLES } from "./queries.js";
import { type Random, randomOf } from "./random.js";
import { Schedule } from "./schedule.js";

export interface Simulation {
	readonly seed: number;
	readonly query: string;
	readonly parallelism: number;
	readonly fault: string;
	/** What went wrong; undefined: nothing. */
	readonly problem: string | undefined;
	readonly log: readonly string[];
}

const START_MS = Date.UTC(2026, 0, 1);

export async function simulate(seed: number): Promise<Simulation> {
	// Compiled now, since compiling later would not wait for the schedule.
	await Promise.all([kernelModule("debug"), kernelModule("release")]);
	const random = randomOf(seed);
	const query = random.pick(QUERIES);
	const parallelism = random.pick([1, 2, 2, 3, 4]);
	const batch = random.chance(0.3) && !query.includes("SESSION(");
	const graph = await plan(query, parallelism, batch, random.pick(["true", "false"]));
	const tables = { t: rowsOf(random), u: rowsOf(random) };
	const expected = await expectedTable(query, batch, tables);
	const faults = new Faults(random);
	const schedule = new Schedule(random);
	const world: World = { random, schedule, faults, tables };
	const problem = await problemOf(graph, world, expected);
	const fault = faults.kind === "none" ? "none" : `${faults.kind} at ${faults.at}${faults.happened ? "" : " (never)"}`;
	return { seed, query: `${query}${batch ? " (batch)" : ""}`, parallelism, fault, problem, log: schedule.log };
}

/** Describes what is wrong with a run; undefined when it did what it had to. */
async function problemOf(graph: JobGraph, world: World, expected: readonly string[]): Promise<string | undefined> {
	const { random, schedule, faults } = world;
	const environment = await SimulatedEnvironment.of(graph, world);
	const regions: Region[] = [];
	const cancel = new AbortController();
	const job = runInline(graph, environment, {
		signal: cancel.signal,
		ringCapacity: random.pick([512, 1024, 8192]),
		holdBack: () => random.chance(0.3),
		createRegion: async () => {
			const region = await Region.create({ build: random.chance(0.3) ? "debug" : "release" });
			regions.push(region);
			return region;
		},
	});
	const outcome = await schedule
		.run(job, () => {
			if (faults.strikes("cancel")) cancel.abort();
		})
		.then(
			() => "finished",
			(failure) => (failure instanceof EngineError ? `${failure.code}: ${failure.problem}` : String(failure)),
		);
	const due = dueOutcome(faults);
	// A job may end in the very turn in which it is cancelled.
	const isEndedBefore = faults.kind === "cancel" && outcome === "finished";
	if (outcome !== due && !isEndedBefore) return `ended with '${outcome}', not '${due}'`;
	if (environment.open !== 0) return `${environment.open} readers or writers were not closed`;
	const leaked = regions.findIndex((region) => region.heap.usedBytes > 0);
	if (leaked >= 0) return `slot ${leaked} leaked ${regions[leaked]!.heap.usedBytes} bytes`;
	if (outcome !== "finished") return undefined;
	const table = tableText(graph, environment.changes);
	return table.join("\n") === expected.join("\n") ? undefined : difference(table, expected);
}

function dueOutcome(faults: Faults): string {
	if (!faults.happened) return "finished";
	return faults.kind === "cancel" ? "CANCELLED: the job was cancelled" : `CONNECTOR: injected into ${faults.kind}`;
}

/** What the query gives in one slot, with nothing in its way. */
async function expectedTable(query: string, batch: boolean, tables: World["tables"]): Promise<string[]> {
	const graph = await plan(query, 1, batch, "false");
	const random = { ...randomOf(0), chance: () => false };
	const schedule = new Schedule(random);
	const faults = Object.assign(new Faults(random), { kind: "none" });
	const environment = await SimulatedEnvironment.of(graph, { random, schedule, faults, tables });
	await schedule.run(runInline(graph, environment), () => {});
	return tableText(graph, environment.changes);
}

function tableText(graph: JobGraph, changes: SimulatedEnvironment["changes"]): string[] {
	const sink = graph.vertices.find(({ spec }) => spec.operator === "Sink")!;
	const table = new ChangelogTable(sink.schema, sink.changelog, sink.upsertKey);
	for (const { row, kind } of changes) table.apply(row, kind);
	return table
		.rows()
		.map((row) => rowText(row, sink.schema))
		.sort();
}

function difference(found: readonly string[], expected: readonly string[]): string {
	const only = (some: readonly string[], others: readonly string[]) => some.filter((row) => !others.includes(row));
	const missing = only(expected, found).slice(0, 5).join("; ");
	const surplus = only(found, expected).slice(0, 5).join("; ");
	return `${found.length} rows, not ${expected.length}; missing: ${missing}; surplus: ${surplus}`;
}

const plans = new Map<string, Promise<JobGraph>>();

function plan(query: string, parallelism: number, batch: boolean, localGlobal: string): Promise<JobGraph> {
	const key = [query, parallelism, batch, localGlobal].join("|");
	const known = plans.get(key);
	if (known) return known;
	const planned = planFresh(query, {
		"parallelism.default": String(parallelism),
		"execution.runtime-mode": batch ? "batch" : "streaming",
		"table.optimizer.agg-phase-strategy": localGlobal === "true" ? "TWO_PHASE" : "ONE_PHASE",
	});
	plans.set(key, planned);
	return planned;
}

async function planFresh(query: string, options: Readonly<Record<string, string>>): Promise<JobGraph> {
	await using session = await Millrace.open({ options });
	await session.execute(TABLES);
	const statement = parseStatement(query);
	if (statement.kind !== "Query") throw new Error("not a query");
	return planQuery(statement, session.catalog, 0);
}

/** In order of time; no two rows with the same v. */
function rowsOf(random: Random): Row[] {
	const count = random.below(random.chance(0.2) ? 300 : 80);
	let timeMs = START_MS;
	return Array.from({ length: count }, (_, i): Row => {
		timeMs += random.below(900);
		const long = random.chance(0.3) ? "a text that no view holds inline " : "";
		const text = random.chance(0.1) ? null : `${long}${random.below(9)}`;
		return [random.chance(0.05) ? null : `k${random.below(6)}`, BigInt(i), random.below(5), BigInt(timeMs), text];
	});
}
