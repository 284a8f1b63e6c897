// The `millrace/nexmark` entry: the suite as a library.

export { type HarnessOptions, parseCount, parseEngines, parseQueries } from "./options.js";
export { allQueries, suiteScript } from "./queries.js";
export { type QueryResult, type Report, reportTable } from "./report.js";
export { runSuite } from "./run.js";
export { verify } from "./verify.js";
