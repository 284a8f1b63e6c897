// The `millrace/tpch` entry: the suite as a library.

export { answer, difference, hasAnswers, type ResultTable } from "./answers.js";
export { markdownTable, readReport } from "./markdown.js";
export {
	ENGINES,
	FORMATS,
	type HarnessOptions,
	parseEngines,
	parseFormat,
	parseMode,
	parseNumber,
	parseQueries,
	parseTables,
} from "./options.js";
export { allQueries, queryText } from "./queries.js";
export { type QueryResult, type Report, reportTable } from "./report.js";
export { runSuite } from "./run.js";
export { createTable, generatedTables, TABLE_NAMES, writtenTables } from "./schema.js";
export { writeTables } from "./write.js";
