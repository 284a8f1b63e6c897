// CREATE TABLE … LIKE: which parts of the other table come along, and what happens where both declare something.
import { EngineError } from "../errors.js";
import type { TableLike, TableLikeFeature } from "../sql/ast.js";
import type { CatalogTable, TableColumn } from "./catalog-object.js";
import type { TableParts } from "./create-table.js";

type Strategy = "INCLUDING" | "EXCLUDING" | "OVERWRITING";

/** Flink's defaults: everything is included, and own options, watermarks and generated columns win. */
function strategyOf(like: TableLike, feature: TableLikeFeature): Strategy {
	const given = like.options.find((option) => option.feature === feature);
	if (given !== undefined) return given.strategy;
	const all = like.options.find((option) => option.feature === "ALL");
	if (all !== undefined) return all.strategy;
	return feature === "OPTIONS" ? "OVERWRITING" : "INCLUDING";
}

/** What LIKE takes from the source. Physical columns always come. */
export function likeParts(source: CatalogTable, like: TableLike): TableParts {
	const has = (feature: TableLikeFeature) => strategyOf(like, feature) !== "EXCLUDING";
	const columns = source.columns.filter((column) => {
		if (column.kind === "physical") return true;
		return has(column.kind === "computed" ? "GENERATED" : "METADATA");
	});
	return {
		columns,
		watermark: has("WATERMARKS") ? source.watermark : undefined,
		primaryKey: has("CONSTRAINTS") ? source.primaryKey : undefined,
		partitionKeys: has("PARTITIONS") ? source.partitionKeys : [],
		distribution: has("DISTRIBUTION") ? source.distribution : undefined,
		options: has("OPTIONS") ? source.options : {},
		comment: undefined,
	};
}

/** The source's parts with the table's own. */
export function mergeLike(base: TableParts, own: TableParts, like: TableLike): TableParts {
	return {
		columns: mergeColumns(base.columns, own.columns, like),
		watermark: one("WATERMARKS", base.watermark, own.watermark, like, "watermark"),
		primaryKey: one("CONSTRAINTS", base.primaryKey, own.primaryKey, like, "primary key"),
		partitionKeys: one("PARTITIONS", some(base.partitionKeys), some(own.partitionKeys), like, "partitioning") ?? [],
		distribution: one("DISTRIBUTION", base.distribution, own.distribution, like, "distribution"),
		options: mergeOptions(base.options, own.options, like),
		comment: own.comment,
	};
}

const some = (keys: readonly string[]) => (keys.length === 0 ? undefined : keys);

/** Own and inherited together are an error unless the strategy lets the own one win. */
function one<T>(
	feature: TableLikeFeature,
	base: T | undefined,
	own: T | undefined,
	like: TableLike,
	what: string,
): T | undefined {
	if (base === undefined || own === undefined) return own ?? base;
	if (strategyOf(like, feature) === "OVERWRITING") return own;
	throw new EngineError("INVALID_SCHEMA", `the table of LIKE has a ${what} already`, {
		position: like.position,
		remedy: `Add EXCLUDING ${feature}${feature === "WATERMARKS" ? " or OVERWRITING WATERMARKS" : ""} after LIKE`,
	});
}

function mergeOptions(base: TableParts["options"], own: TableParts["options"], like: TableLike): TableParts["options"] {
	if (strategyOf(like, "OPTIONS") === "INCLUDING") {
		const twice = Object.keys(own).find((key) => key in base);
		if (twice !== undefined) {
			throw new EngineError("INVALID_OPTION", `the table of LIKE has option '${twice}' already`, {
				position: like.position,
				remedy: "Add OVERWRITING OPTIONS after LIKE",
			});
		}
	}
	return { ...base, ...own };
}

function mergeColumns(
	base: readonly TableColumn[],
	own: readonly TableColumn[],
	like: TableLike,
): readonly TableColumn[] {
	const merged = new Map(base.map((column) => [column.name, column]));
	for (const column of own) {
		const inherited = merged.get(column.name);
		if (inherited !== undefined && !mayReplace(inherited, column, like)) {
			throw new EngineError("INVALID_SCHEMA", `the table of LIKE has column '${column.name}' already`, {
				position: like.position,
			});
		}
		merged.set(column.name, column);
	}
	return [...merged.values()];
}

function mayReplace(inherited: TableColumn, own: TableColumn, like: TableLike): boolean {
	if (inherited.kind === "computed" && own.kind === "computed") return strategyOf(like, "GENERATED") === "OVERWRITING";
	if (inherited.kind === "metadata" && own.kind === "metadata") return strategyOf(like, "METADATA") === "OVERWRITING";
	return false;
}
