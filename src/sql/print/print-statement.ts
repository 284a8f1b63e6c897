// Statements other than definitions as SQL text.
import type { AnalyzeTable, Insert, Show, Statement } from "../ast.js";
import { type Definition, printDefinition } from "./print-definition.js";
import { printExpression, printExpressions } from "./print-expression.js";
import { join, list, printFirstName, printIdentifier, printName, printString } from "./print-name.js";
import { printHints, printQuery } from "./print-query.js";
import { printPartition, printWith } from "./print-table-definition.js";

export function printStatement(statement: Statement): string {
	switch (statement.kind) {
		case "Query":
			return printQuery(statement);
		case "Insert":
			return printInsert(statement);
		case "Update": {
			const { table, hints, alias, assignments, where } = statement;
			const target = join(printIdentifier(table), printHints(hints), alias && `AS ${printName(alias)}`);
			const changes = list(
				assignments,
				({ column, value }) => `${printIdentifier(column)} = ${printExpression(value)}`,
			);
			return join("UPDATE", target, "SET", changes, where && `WHERE ${printExpression(where)}`);
		}
		case "Delete": {
			const { table, hints, alias, where } = statement;
			const target = join(printIdentifier(table), printHints(hints), alias && `AS ${printName(alias)}`);
			return join("DELETE FROM", target, where && `WHERE ${printExpression(where)}`);
		}
		case "Truncate":
			return `TRUNCATE TABLE ${printIdentifier(statement.table)}`;
		case "StatementSet":
			return `EXECUTE ${printSet(statement.statements)}`;
		case "CompilePlan": {
			const { execute, path, ifNotExists } = statement;
			const body = statement.statement;
			return join(
				execute ? "COMPILE AND EXECUTE PLAN" : "COMPILE PLAN",
				path && printString(path),
				ifNotExists && "IF NOT EXISTS",
				"FOR",
				body.kind === "StatementSet" ? printSet(body.statements) : printInsert(body),
			);
		}
		case "ExecutePlan":
			return `EXECUTE PLAN ${printString(statement.path)}`;
		case "Explain":
			return join("EXPLAIN", statement.details.join(", "), printStatement(statement.statement));
		case "Call":
			return `CALL ${printIdentifier(statement.procedure)}(${printExpressions(statement.args)})`;
		default:
			return printSessionStatement(statement);
	}
}

type SessionStatement = Exclude<
	Statement,
	{
		kind:
			| "Query"
			| "Insert"
			| "Update"
			| "Delete"
			| "Truncate"
			| "StatementSet"
			| "CompilePlan"
			| "ExecutePlan"
			| "Explain"
			| "Call";
	}
>;

function printSessionStatement(statement: SessionStatement): string {
	switch (statement.kind) {
		case "Describe": {
			const type = statement.objectType === "TABLE" ? undefined : statement.objectType;
			return join("DESCRIBE", type, statement.extended && "EXTENDED", printFirstName(statement.name));
		}
		case "DescribeJob":
			return `DESCRIBE JOB ${printString(statement.job)}`;
		case "Show":
			return printShow(statement);
		case "ShowCreate": {
			const name = printIdentifier(statement.name);
			return join("SHOW CREATE", statement.orAlter && "OR ALTER", statement.objectType, name);
		}
		case "ShowPartitions": {
			const { table, partition } = statement;
			return join("SHOW PARTITIONS", printIdentifier(table), partition.length > 0 && printPartition(partition));
		}
		case "UseCatalog":
			return `USE CATALOG ${printName(statement.name)}`;
		case "UseDatabase":
			return `USE ${printFirstName(statement.name)}`;
		case "UseModules":
			return `USE MODULES ${list(statement.modules, printName)}`;
		case "LoadModule":
			return join("LOAD MODULE", printName(statement.name), printWith(statement.options));
		case "UnloadModule":
			return `UNLOAD MODULE ${printName(statement.name)}`;
		case "AddJar":
			return `ADD JAR ${printString(statement.path)}`;
		case "RemoveJar":
			return `REMOVE JAR ${printString(statement.path)}`;
		case "SetOption": {
			const { key, value } = statement;
			return key && value ? `SET ${printString(key)} = ${printString(value)}` : "SET";
		}
		case "ResetOption":
			return join("RESET", statement.key && printString(statement.key));
		case "AnalyzeTable":
			return printAnalyze(statement);
		case "StopJob": {
			const { job, withSavepoint, withDrain } = statement;
			return join("STOP JOB", printString(job), withSavepoint && "WITH SAVEPOINT", withDrain && "WITH DRAIN");
		}
		default:
			return printDefinition(statement satisfies Definition);
	}
}

function printInsert({ overwrite, table, hints, partition, columns, query, onConflict }: Insert): string {
	return join(
		overwrite ? "INSERT OVERWRITE" : "INSERT INTO",
		printIdentifier(table),
		printHints(hints),
		partition.length > 0 && printPartition(partition),
		columns.length > 0 && `(${list(columns, printIdentifier)})`,
		printQuery(query),
		onConflict && `ON CONFLICT DO ${onConflict}`,
	);
}

function printSet(statements: readonly Insert[]): string {
	return `STATEMENT SET BEGIN ${statements.map((statement) => `${printInsert(statement)};`).join(" ")} END`;
}

function printShow({ subject, from, like }: Show): string {
	const operator = like && join(like.negated && "NOT", like.caseInsensitive ? "ILIKE" : "LIKE");
	return join("SHOW", subject, from && `FROM ${printIdentifier(from)}`, operator, like && printString(like.pattern));
}

function printAnalyze({ table, partition, columns }: AnalyzeTable): string {
	const names = columns === "ALL" ? "FOR ALL COLUMNS" : columns && `FOR COLUMNS ${list(columns, printName)}`;
	const target = join(printIdentifier(table), partition.length > 0 && printPartition(partition));
	return join("ANALYZE TABLE", target, "COMPUTE STATISTICS", names);
}
