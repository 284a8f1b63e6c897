// Binds damaged queries: each gives a plan that can be printed, or a typed error that is not our fault.
import { EngineError } from "../../src/errors.js";
import { explainPlan } from "../../src/plan/explain.js";
import { SqlError } from "../../src/sql/index.js";
import { loadCorpus } from "./damage.js";
import { openSession, type TestSession } from "./session.js";

export interface Verdicts {
	bound: number;
	refusedByBinder: number;
	slowestMs: number;
}

export function bindDamaged(from: number, count: number): Verdicts {
	const corpus = loadCorpus();
	const sessions = [openSession(true), openSession(false)];
	for (const session of sessions) for (const statement of corpus.setup) accepted(session, statement);
	const verdicts: Verdicts = { bound: 0, refusedByBinder: 0, slowestMs: 0 };
	for (let seed = from; seed < from + count; seed++) {
		const sql = corpus.damaged(seed);
		const start = performance.now();
		try {
			const plan = (sessions[seed % 2] as TestSession).run(sql);
			if (plan && explainPlan(plan).length > 0) verdicts.bound++;
		} catch (error) {
			const typed = error instanceof SqlError || (error instanceof EngineError && error.code !== "INTERNAL");
			if (!typed) throw new Error(`seed ${seed}: ${sql}`, { cause: error });
			if (error instanceof EngineError && error.code !== "SYNTAX") verdicts.refusedByBinder++;
		}
		verdicts.slowestMs = Math.max(verdicts.slowestMs, performance.now() - start);
	}
	return verdicts;
}

/** Some of the statements are meant to be refused. */
function accepted(session: TestSession, statement: string): boolean {
	try {
		session.run(statement);
		return true;
	} catch {
		return false;
	}
}
