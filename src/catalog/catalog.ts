// The names of one session: catalogs, databases, tables, views and user functions, and where unqualified names are looked up.
import { EngineError, nearestName, type SourcePosition } from "../errors.js";
import type { Identifier } from "../sql/ast.js";
import type { CatalogRelation, CatalogTable, ObjectPath } from "./catalog-object.js";
import { FunctionCatalog } from "./function-catalog.js";
import { SessionOptions } from "./options.js";

export const DEFAULT_CATALOG = "default_catalog";
export const DEFAULT_DATABASE = "default_database";

export interface Database {
	readonly name: string;
	comment?: string | undefined;
	readonly options: Map<string, string>;
	readonly relations: Map<string, CatalogRelation>;
}

export interface NamedCatalog {
	readonly name: string;
	comment?: string | undefined;
	readonly options: Map<string, string>;
	readonly databases: Map<string, Database>;
}

export interface CatalogSettings {
	readonly options?: Readonly<Record<string, string>>;
	/** Called with each table before it is created or altered; throws to refuse it (connector options). */
	readonly validateTable?: (table: CatalogTable) => void;
}

/** The names in a path as SQL writes them. */
export const pathText = (path: readonly string[]): string => path.map((name) => `\`${name}\``).join(".");

/** Plain state of one session; every change is a method call, none of them asynchronous. */
export class Catalog {
	readonly catalogs = new Map<string, NamedCatalog>();
	/** Temporary tables and views shadow permanent ones of the same path. */
	readonly #temporary = new Map<string, CatalogRelation>();
	readonly functions: FunctionCatalog;
	readonly options: SessionOptions;
	readonly validateTable: (table: CatalogTable) => void;
	currentCatalog = DEFAULT_CATALOG;
	currentDatabase = DEFAULT_DATABASE;

	constructor(settings: CatalogSettings = {}) {
		this.options = new SessionOptions(settings.options);
		this.validateTable = settings.validateTable ?? (() => {});
		this.functions = new FunctionCatalog();
		this.createCatalog(DEFAULT_CATALOG, {}, undefined);
		this.createDatabase([DEFAULT_CATALOG, DEFAULT_DATABASE], {}, undefined);
	}

	/** The full path of a name written in a statement. */
	pathOf(name: Identifier, namespace = this.namespace): ObjectPath {
		const [first, second, third, ...rest] = name.names.map((part) => part.text) as [string, string, string];
		if (rest.length > 0) {
			throw new EngineError("UNKNOWN_OBJECT", `'${name.names.map((part) => part.text).join(".")}' has too many parts`, {
				position: name.position,
				expected: "catalog.database.name",
			});
		}
		if (third !== undefined) return [first, second, third];
		return second === undefined ? [namespace[0], namespace[1], first] : [namespace[0], first, second];
	}

	get namespace(): readonly [catalog: string, database: string] {
		return [this.currentCatalog, this.currentDatabase];
	}

	relation(path: ObjectPath, temporaryToo = true): CatalogRelation | undefined {
		const temporary = temporaryToo ? this.#temporary.get(keyOf(path)) : undefined;
		return temporary ?? this.catalogs.get(path[0])?.databases.get(path[1])?.relations.get(path[2]);
	}

	temporaryRelation(path: ObjectPath): CatalogRelation | undefined {
		return this.#temporary.get(keyOf(path));
	}

	/** Stores a table or view in place of any other of its path and temporariness. */
	putRelation(relation: CatalogRelation, position?: SourcePosition): void {
		if (relation.temporary) this.#temporary.set(keyOf(relation.path), relation);
		else this.database([relation.path[0], relation.path[1]], position).relations.set(relation.path[2], relation);
	}

	removeRelation(path: ObjectPath, temporary: boolean): void {
		if (temporary) this.#temporary.delete(keyOf(path));
		else this.catalogs.get(path[0])?.databases.get(path[1])?.relations.delete(path[2]);
	}

	/** The table or view of a name, or UNKNOWN_TABLE with the nearest one. */
	resolveRelation(name: Identifier, namespace = this.namespace): CatalogRelation {
		const path = this.pathOf(name, namespace);
		const found = this.relation(path);
		if (found !== undefined) return found;
		const written = name.names.map((part) => part.text).join(".");
		const remedy = this.suggestRelation(path);
		throw new EngineError("UNKNOWN_TABLE", `table '${written}' does not exist`, {
			position: name.position,
			...(remedy !== undefined && { remedy }),
		});
	}

	/** What may have been meant by the name of a table or view that does not exist. */
	suggestRelation(path: ObjectPath, only?: CatalogRelation["kind"]): string | undefined {
		const near = nearestName(path[2], this.relationNames(path[0], path[1], only));
		return near === undefined ? undefined : `Did you mean \`${near}\`?`;
	}

	/** Names of tables and views in a database, temporary ones included, sorted. */
	relationNames(catalog: string, database: string, only?: CatalogRelation["kind"]): string[] {
		return this.relations(catalog, database)
			.filter((relation) => only === undefined || relation.kind === only)
			.map((relation) => relation.path[2])
			.sort();
	}

	relations(catalog: string, database: string): CatalogRelation[] {
		const all = new Map(this.catalogs.get(catalog)?.databases.get(database)?.relations);
		for (const relation of this.#temporary.values()) {
			if (relation.path[0] === catalog && relation.path[1] === database) all.set(relation.path[2], relation);
		}
		return [...all.values()];
	}

	catalog(name: string, position?: SourcePosition): NamedCatalog {
		const found = this.catalogs.get(name);
		if (found !== undefined) return found;
		throw unknownObject("catalog", name, this.catalogs.keys(), position);
	}

	database(path: readonly [catalog: string, database: string], position?: SourcePosition): Database {
		const catalog = this.catalog(path[0], position);
		const found = catalog.databases.get(path[1]);
		if (found !== undefined) return found;
		throw unknownObject("database", path[1], catalog.databases.keys(), position);
	}

	createCatalog(name: string, options: Readonly<Record<string, string>>, comment: string | undefined): void {
		const created = { name, comment, options: new Map(Object.entries(options)), databases: new Map() };
		this.catalogs.set(name, created);
		if (name !== DEFAULT_CATALOG) this.createDatabase([name, options["default-database"] ?? "default"], {}, undefined);
	}

	createDatabase(
		[catalog, name]: readonly [catalog: string, database: string],
		options: Readonly<Record<string, string>>,
		comment: string | undefined,
	): void {
		const database: Database = { name, comment, options: new Map(Object.entries(options)), relations: new Map() };
		this.catalog(catalog).databases.set(name, database);
	}

	useCatalog(name: string, position?: SourcePosition): void {
		const catalog = this.catalog(name, position);
		this.currentCatalog = name;
		this.currentDatabase = catalog.databases.keys().next().value ?? DEFAULT_DATABASE;
	}

	useDatabase(path: readonly [catalog: string, database: string], position?: SourcePosition): void {
		this.database(path, position);
		[this.currentCatalog, this.currentDatabase] = path;
	}
}

const keyOf = (path: ObjectPath) => JSON.stringify(path);

export function unknownObject(kind: string, name: string, known: Iterable<string>, position?: SourcePosition) {
	const near = nearestName(name, known);
	return new EngineError("UNKNOWN_OBJECT", `${kind} '${name}' does not exist`, {
		...(position && { position }),
		...(near !== undefined && { remedy: `Did you mean \`${near}\`?` }),
	});
}
