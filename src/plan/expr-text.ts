// Expressions as Flink's EXPLAIN writes them: operators in prefix form, columns by name, literals with their type where it is not plain.
import type { Expr } from "../types/expr.js";
import type { SqlType } from "../types/sql-type.js";
import { typeText } from "../types/type-text.js";
import { timestampUnit, type Value } from "../types/value.js";

export function exprText(expr: Expr, columns: readonly string[]): string {
	switch (expr.kind) {
		case "column":
			return columns[expr.index] ?? `$${expr.index}`;
		case "outer":
			return `$cor${expr.apply}.$${expr.index}`;
		case "literal":
			return literalText(expr.value, expr.type);
		case "call":
			return `${expr.function}(${expr.args.map((arg) => exprText(arg, columns)).join(", ")})`;
		case "cast":
			return `${expr.safe ? "TRY_CAST" : "CAST"}(${exprText(expr.input, columns)} AS ${typeText({ ...expr.type, nullable: true })})`;
		case "case": {
			const branches = expr.branches.flatMap(({ when, then }) => [exprText(when, columns), exprText(then, columns)]);
			return `CASE(${[...branches, exprText(expr.otherwise, columns)].join(", ")})`;
		}
		case "field": {
			const { type } = expr.input;
			const name = type.kind === "ROW" ? type.fields[expr.index]?.name : undefined;
			return `${exprText(expr.input, columns)}.${name ?? `f${expr.index}`}`;
		}
	}
}

export function literalText(value: Value, type: SqlType): string {
	if (value === null) return type.kind === "NULL" ? "null" : `null:${typeText({ ...type, nullable: true })}`;
	switch (type.kind) {
		case "CHAR":
		case "VARCHAR":
			return `'${String(value).replaceAll("'", "''")}'`;
		case "DECIMAL":
			return `${scaled(value as bigint, type.scale)}:${typeText({ ...type, nullable: true })}`;
		case "INTEGER":
		case "BOOLEAN":
			return String(value);
		case "DATE":
			return isoDate(Number(value) * 86_400_000);
		case "TIMESTAMP":
		case "TIMESTAMP_LTZ":
			return `${timestampText(value as number | bigint, type.precision)}:${typeText({ ...type, nullable: true })}`;
		case "INTERVAL_DAY_TIME":
		case "INTERVAL_YEAR_MONTH":
			return `${String(value)}:INTERVAL ${type.unit}`;
		case "BINARY":
		case "VARBINARY":
			return `X'${Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
		default:
			return `${valueText(value)}:${typeText({ ...type, nullable: true })}`;
	}
}

function valueText(value: Value): string {
	if (Array.isArray(value)) return `[${value.map((item: Value) => valueText(item)).join(", ")}]`;
	return String(value);
}

function scaled(value: bigint, scale: number): string {
	const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
	const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
	return value < 0n ? `-${text}` : text;
}

const isoDate = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function timestampText(value: number | bigint, precision: number): string {
	const unit = timestampUnit(precision);
	const perMs = unit === "ms" ? 1n : unit === "us" ? 1000n : 1_000_000n;
	const units = BigInt(value);
	const ms = units / perMs;
	const text = new Date(Number(ms)).toISOString().replace("T", " ").replace("Z", "");
	const rest = unit === "ms" ? "" : (units % perMs).toString().padStart(unit === "us" ? 3 : 6, "0");
	return `${text}${rest}`.replace(/\.?0+$/, "");
}
