// `millrace/sql`: Flink SQL as text and as tree, with nothing else of the engine.
export type * from "./ast.js";
export { isPlainName } from "./keywords.js";
export { parse, parseExpression, parseStatement, parseType } from "./parse.js";
export { print } from "./print.js";
export { type ScriptStatement, splitStatements } from "./split.js";
export { SqlError, underline } from "./sql-error.js";
