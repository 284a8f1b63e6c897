// Statements that define, drop, choose or show names and settings: their effect on the catalog, and the rows they answer with.
import { EngineError } from "../errors.js";
import type { Statement } from "../sql/ast.js";
import { STRING } from "../types/sql-type.js";
import type { Catalog } from "./catalog.js";
import type { SchemaAnalyzer } from "./catalog-object.js";
import { describe } from "./describe.js";
import { alterFunction, createFunction, dropFunction } from "./function-definition.js";
import { alterNamespace, createCatalog, createDatabase, dropCatalog, dropDatabase } from "./namespace-definition.js";
import { alterTable, alterView, dropRelation } from "./relation-alteration.js";
import { createTableStatement, createView } from "./relation-definition.js";
import { show } from "./show.js";
import { showCreate } from "./show-create.js";
import { OK, type StatementResult } from "./statement-result.js";

/** Of a statement that only has an effect. */
const done = (_effect: unknown): StatementResult => OK;

/** Applies one statement. Nothing changes when it fails. Queries and inserts are not for the catalog. */
export function applyDefinition(statement: Statement, catalog: Catalog, analyzer: SchemaAnalyzer): StatementResult {
	switch (statement.kind) {
		case "Show":
			return show(statement, catalog, analyzer);
		case "ShowCreate":
			return showCreate(statement, catalog);
		case "Describe":
			return describe(statement, catalog, analyzer);
		case "SetOption":
			return setOption(statement, catalog);
		case "ResetOption":
			return done(catalog.options.reset(statement.key?.value));
		case "UseCatalog":
			return done(catalog.useCatalog(statement.name.text, statement.name.position));
		case "UseDatabase":
			return done(useDatabase(statement, catalog));
		case "UseModules":
			return done(useModules(statement));
		case "CreateTable":
			return { ...OK, insert: createTableStatement(statement, catalog, analyzer) };
		case "CreateView":
			return done(createView(statement, catalog, analyzer));
		case "AlterTable":
			return done(alterTable(statement, catalog, analyzer));
		case "AlterView":
			return done(alterView(statement, catalog, analyzer));
		case "CreateFunction":
			return done(createFunction(statement, catalog));
		case "AlterFunction":
			return done(alterFunction(statement, catalog));
		case "CreateCatalog":
			return done(createCatalog(statement, catalog));
		case "CreateDatabase":
			return done(createDatabase(statement, catalog));
		case "AlterObject":
			return done(alterNamespace(statement, catalog));
		case "Drop":
			return done(drop(statement, catalog));
		default:
			throw new EngineError("UNSUPPORTED", `${SPELLING[statement.kind] ?? statement.kind} is not supported`, {
				position: statement.position,
			});
	}
}

const SPELLING: Partial<Record<Statement["kind"], string>> = {
	CreateMaterializedTable: "CREATE MATERIALIZED TABLE",
	AlterMaterializedTable: "ALTER MATERIALIZED TABLE",
	CreateModel: "CREATE MODEL",
	CreateConnection: "CREATE CONNECTION",
	LoadModule: "LOAD MODULE",
	UnloadModule: "UNLOAD MODULE",
	AddJar: "ADD JAR (there is no JVM)",
	RemoveJar: "REMOVE JAR (there is no JVM)",
	AnalyzeTable: "ANALYZE TABLE",
	ShowPartitions: "SHOW PARTITIONS",
	Call: "CALL",
	Update: "UPDATE",
	Delete: "DELETE",
	Truncate: "TRUNCATE TABLE",
	CompilePlan: "COMPILE PLAN",
	ExecutePlan: "EXECUTE PLAN",
	DescribeJob: "DESCRIBE JOB",
	StopJob: "STOP JOB",
};

/** `SET` alone lists what is set. */
function setOption(statement: Extract<Statement, { kind: "SetOption" }>, catalog: Catalog): StatementResult {
	const { key, value } = statement;
	if (key !== undefined && value !== undefined) {
		catalog.options.set(key.value, value.value, statement.position);
		return OK;
	}
	const schema = [
		{ name: "key", type: STRING },
		{ name: "value", type: STRING },
	];
	return { schema, rows: catalog.options.entries() };
}

function useDatabase({ name }: Extract<Statement, { kind: "UseDatabase" }>, catalog: Catalog): void {
	const [first, second] = name.names.map((part) => part.text) as [string, string | undefined];
	catalog.useDatabase(second === undefined ? [catalog.currentCatalog, first] : [first, second], name.position);
}

function drop(statement: Extract<Statement, { kind: "Drop" }>, catalog: Catalog): void {
	const { objectType } = statement;
	if (objectType === "TABLE" || objectType === "VIEW") dropRelation(statement, catalog);
	else if (objectType === "FUNCTION") dropFunction(statement, catalog);
	else if (objectType === "DATABASE") dropDatabase(statement, catalog);
	else if (objectType === "CATALOG") dropCatalog(statement, catalog);
	else throw new EngineError("UNSUPPORTED", `DROP ${objectType} is not supported`, { position: statement.position });
}

/** The built-in functions are the only module. */
function useModules(statement: Extract<Statement, { kind: "UseModules" }>): void {
	const [first, ...rest] = statement.modules;
	if (first?.text === "core" && rest.length === 0) return;
	throw new EngineError("UNKNOWN_OBJECT", "the only module is `core`", { position: statement.position });
}
