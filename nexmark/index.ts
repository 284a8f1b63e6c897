// The `millrace/nexmark` entry: the suite as a library.

export { comparison, readReport } from "./compare.js";
export { checkWritable, eventsIn } from "./files.js";
export { type HarnessOptions, parseAtLeast, parseCount, parseEngines, parseQueries, parseSource } from "./options.js";
export { allQueries, queryDescription, suiteScript } from "./queries.js";
export type { QueryResult, QueryVerification, Report } from "./report.js";
export { type RunHooks, runSuite } from "./run.js";
export { markdownTable, operatorTables, reportTable, verificationLine } from "./table.js";
export { verify } from "./verify.js";
