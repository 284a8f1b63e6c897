// Column paths of a scan resolved against its table: names and types of what is read.
import { EngineError } from "../errors.js";
import type { ColumnPath, ConnectorTable } from "../job/specs.js";
import { asNullable, type Field, type Schema } from "../types/sql-type.js";

/** The column or nested field at a path; nullable as soon as any ROW around it is. */
export function fieldAt(table: ConnectorTable, path: ColumnPath): Field {
	const [column, ...inner] = path;
	let field: Field | undefined = column === undefined ? undefined : table.columns[column];
	for (const index of inner) {
		if (field?.type.kind !== "ROW") break;
		const child: Field | undefined = field.type.fields[index];
		field = child && field.type.nullable ? { ...child, type: asNullable(child.type) } : child;
	}
	if (field) return field;
	throw new EngineError("INTERNAL", `no column [${path.join(", ")}] in table ${table.path.join(".")}`);
}

/** The schema that a scan with this projection emits. */
export const projectedSchema = (table: ConnectorTable, projection: readonly ColumnPath[]): Schema =>
	projection.map((path) => fieldAt(table, path));
