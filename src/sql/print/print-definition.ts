// CREATE, ALTER and DROP as SQL text.
import type {
	AlterMaterializedTable,
	AlterObjectAction,
	CreateFunction,
	CreateMaterializedTable,
	CreateTable,
	Statement,
	StringLiteral,
} from "../ast.js";
import { printExpression } from "./print-expression.js";
import { join, list, printColumns, printIdentifier, printName, printString } from "./print-name.js";
import { printQuery } from "./print-query.js";
import {
	printColumn,
	printConstraint,
	printDistribution,
	printLike,
	printOptions,
	printPartitionSpecification,
	printTableAction,
	printWatermark,
	printWith,
} from "./print-table-definition.js";

export type Definition = Extract<Statement, { kind: `Create${string}` | `Alter${string}` | "Drop" }>;

const IF_NOT_EXISTS = "IF NOT EXISTS";

export function printDefinition(statement: Definition): string {
	switch (statement.kind) {
		case "CreateTable":
			return printCreateTable(statement);
		case "CreateMaterializedTable":
			return printCreateMaterializedTable(statement);
		case "CreateView": {
			const { orReplace, temporary, ifNotExists, name, columns, comment, query } = statement;
			const head = join("CREATE", orReplace && "OR REPLACE", temporary && "TEMPORARY", "VIEW");
			const named = join(head, ifNotExists && IF_NOT_EXISTS, printIdentifier(name));
			return join(named, columns.length > 0 && printColumns(columns), printComment(comment), "AS", printQuery(query));
		}
		case "CreateFunction":
			return printCreateFunction(statement);
		case "CreateCatalog": {
			const { ifNotExists, name, comment, options } = statement;
			return join(
				"CREATE CATALOG",
				ifNotExists && IF_NOT_EXISTS,
				printName(name),
				printComment(comment),
				printWith(options),
			);
		}
		case "CreateDatabase": {
			const { ifNotExists, name, comment, options } = statement;
			const head = join("CREATE DATABASE", ifNotExists && IF_NOT_EXISTS, printIdentifier(name));
			return join(head, printComment(comment), printWith(options));
		}
		case "CreateModel": {
			const { temporary, ifNotExists, name, input, output, comment, options, query } = statement;
			return join(
				join("CREATE", temporary && "TEMPORARY", "MODEL", ifNotExists && IF_NOT_EXISTS, printIdentifier(name)),
				input.length > 0 && `INPUT (${list(input, printColumn)})`,
				output.length > 0 && `OUTPUT (${list(output, printColumn)})`,
				printComment(comment),
				printWith(options),
				query && `AS ${printQuery(query)}`,
			);
		}
		case "CreateConnection": {
			const { temporary, system, ifNotExists, name, comment, options } = statement;
			const head = join("CREATE", temporary && "TEMPORARY", system && "SYSTEM", "CONNECTION");
			const named = join(head, ifNotExists && IF_NOT_EXISTS, printIdentifier(name));
			return join(named, printComment(comment), "WITH", printOptions(options));
		}
		case "Drop": {
			const { temporary, system, objectType, ifExists, name, cascade } = statement;
			const head = join("DROP", temporary && "TEMPORARY", system && "SYSTEM", objectType);
			return join(head, ifExists && "IF EXISTS", printIdentifier(name), cascade && "CASCADE");
		}
		default:
			return printAlter(statement);
	}
}

function printComment(comment: StringLiteral | undefined): string {
	return comment ? `COMMENT ${printString(comment)}` : "";
}

function printTableBody(table: CreateTable | CreateMaterializedTable): string {
	const { name, columns, watermarks, constraints, columnNames, comment, distribution, partitionedBy, options } = table;
	const elements = [
		...columnNames.map(printName),
		...columns.map(printColumn),
		...watermarks.map(printWatermark),
		...constraints.map(printConstraint),
	];
	return join(
		printIdentifier(name),
		elements.length > 0 && `(${elements.join(", ")})`,
		printComment(comment),
		distribution && `DISTRIBUTED ${printDistribution(distribution)}`,
		partitionedBy.length > 0 && `PARTITIONED BY ${printColumns(partitionedBy)}`,
		printWith(options),
	);
}

function printCreateTable(table: CreateTable): string {
	const { mustExist, orReplace, temporary, ifNotExists, like, query } = table;
	return join(
		mustExist ? "REPLACE" : join("CREATE", orReplace && "OR REPLACE"),
		temporary && "TEMPORARY",
		"TABLE",
		ifNotExists && IF_NOT_EXISTS,
		printTableBody(table),
		like && printLike(like),
		query && `AS ${printQuery(query)}`,
	);
}

function printCreateMaterializedTable(table: CreateMaterializedTable): string {
	const { orAlter, ifNotExists, startMode, freshness, refreshMode, query } = table;
	const argument = startMode?.argument && `(${printExpression(startMode.argument)})`;
	return join(
		orAlter ? "CREATE OR ALTER" : "CREATE",
		"MATERIALIZED TABLE",
		ifNotExists && IF_NOT_EXISTS,
		printTableBody(table),
		startMode && `START_MODE = ${startMode.mode}${argument ?? ""}`,
		freshness && `FRESHNESS = ${printExpression(freshness)}`,
		refreshMode && `REFRESH_MODE = ${refreshMode}`,
		`AS ${printQuery(query)}`,
	);
}

function printCreateFunction(statement: CreateFunction): string {
	const { orReplace, temporary, system, ifNotExists, name, className, language, resources, options } = statement;
	return join(
		join("CREATE", orReplace && "OR REPLACE", temporary && "TEMPORARY", system && "SYSTEM", "FUNCTION"),
		ifNotExists && IF_NOT_EXISTS,
		printIdentifier(name),
		`AS ${printString(className)}`,
		language && `LANGUAGE ${language}`,
		resources.length > 0 && `USING ${list(resources, ({ type, path }) => `${type} ${printString(path)}`)}`,
		printWith(options),
	);
}

function printAlter(statement: Extract<Definition, { kind: `Alter${string}` }>): string {
	const name = printIdentifier(statement.name);
	switch (statement.kind) {
		case "AlterTable":
			return join("ALTER TABLE", statement.ifExists && "IF EXISTS", name, printTableAction(statement.action));
		case "AlterMaterializedTable":
			return join("ALTER MATERIALIZED TABLE", name, printMaterializedTableAction(statement.action));
		case "AlterView": {
			const { action } = statement;
			const change =
				action.kind === "Rename" ? `RENAME TO ${printIdentifier(action.to)}` : `AS ${printQuery(action.query)}`;
			return join("ALTER VIEW", name, change);
		}
		case "AlterFunction": {
			const { temporary, system, ifExists, className, language } = statement;
			const head = join("ALTER", temporary && "TEMPORARY", system && "SYSTEM", "FUNCTION", ifExists && "IF EXISTS");
			return join(head, name, `AS ${printString(className)}`, language && `LANGUAGE ${language}`);
		}
		case "AlterObject": {
			const head = join("ALTER", statement.objectType, statement.ifExists && "IF EXISTS");
			return join(head, name, printObjectAction(statement.action));
		}
	}
}

function printMaterializedTableAction(action: AlterMaterializedTable["action"]): string {
	switch (action.kind) {
		case "Suspend":
			return "SUSPEND";
		case "Resume":
			return join("RESUME", printWith(action.options));
		case "Refresh":
			return join("REFRESH", action.partition && printPartitionSpecification(action.partition));
		case "SetFreshness":
			return `SET FRESHNESS = ${printExpression(action.freshness)}`;
		case "SetRefreshMode":
			return `SET REFRESH_MODE = ${action.refreshMode}`;
		case "SetQuery":
			return `AS ${printQuery(action.query)}`;
		default:
			return printTableAction(action);
	}
}

function printObjectAction(action: AlterObjectAction): string {
	return action.kind === "SetComment" ? printComment(action.comment) : printTableAction(action);
}
