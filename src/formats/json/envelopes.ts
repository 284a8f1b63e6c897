// How tools for change data capture wrap rows: Debezium, Canal, Maxwell and Oracle GoldenGate. An envelope says which row images a message
// holds, and what stands around a row that is written.
import { RowKind } from "../../types/row-kind.js";
import type { EmitRow } from "./decode.js";
import { isObject, JsonMismatch, type JsonObject } from "./read-value.js";
import type { JsonRowReader } from "./row-reader.js";

export interface Envelope {
	/** Emits the changes of a message. */
	readonly read: (message: JsonObject, row: JsonRowReader, emit: EmitRow) => void;
	/** Before and after the members of a row that is added, and of one that is taken back. */
	readonly added: readonly [before: string, after: string];
	readonly removed: readonly [before: string, after: string];
}

const UPDATE_HINT = " (a Postgres table needs REPLICA IDENTITY FULL)";

export const DEBEZIUM: Envelope = {
	read(message, row, emit) {
		switch (message.op) {
			case "c":
			case "r":
				return emit(row(image(message, "after", "insert")), RowKind.INSERT);
			case "u":
				emit(row(image(message, "before", "update", UPDATE_HINT)), RowKind.UPDATE_BEFORE);
				return emit(row(image(message, "after", "update")), RowKind.UPDATE_AFTER);
			case "d":
				return emit(row(image(message, "before", "delete", UPDATE_HINT)), RowKind.DELETE);
			default:
				throw unknown("op", message.op, "c, r, u or d");
		}
	},
	added: ['{"before":null,"after":{', '},"op":"c"}\n'],
	removed: ['{"before":{', '},"after":null,"op":"d"}\n'],
};

export const OGG: Envelope = {
	read(message, row, emit) {
		switch (message.op_type) {
			case "I":
				return emit(row(image(message, "after", "insert")), RowKind.INSERT);
			case "U":
				emit(row(image(message, "before", "update")), RowKind.UPDATE_BEFORE);
				return emit(row(image(message, "after", "update")), RowKind.UPDATE_AFTER);
			case "D":
				return emit(row(image(message, "before", "delete")), RowKind.DELETE);
			default:
				throw unknown("op_type", message.op_type, "I, U or D");
		}
	},
	added: ['{"before":null,"after":{', '},"op_type":"I"}\n'],
	removed: ['{"before":{', '},"after":null,"op_type":"D"}\n'],
};

export const MAXWELL: Envelope = {
	read(message, row, emit) {
		const data = image(message, "data", String(message.type));
		switch (message.type) {
			case "insert":
				return emit(row(data), RowKind.INSERT);
			case "update":
				return emitUpdate(data, image(message, "old", "update"), row, emit);
			case "delete":
				return emit(row(data), RowKind.DELETE);
			default:
				throw unknown("type", message.type, "insert, update or delete");
		}
	},
	added: ['{"data":{', '},"type":"insert"}\n'],
	removed: ['{"data":{', '},"type":"delete"}\n'],
};

/** Canal's messages hold several rows, and changes of tables, which bring no rows. */
export const CANAL: Envelope = {
	read(message, row, emit) {
		if (message.type === "CREATE") return;
		if (message.type !== "INSERT" && message.type !== "UPDATE" && message.type !== "DELETE") {
			throw unknown("type", message.type, "INSERT, UPDATE or DELETE");
		}
		const data = images(message, "data");
		const old = message.type === "UPDATE" ? images(message, "old") : [];
		for (const [i, now] of data.entries()) {
			if (message.type !== "UPDATE") emit(row(now), message.type === "INSERT" ? RowKind.INSERT : RowKind.DELETE);
			else if (old[i] === undefined) throw new JsonMismatch("'old' has fewer rows than 'data'");
			else emitUpdate(now, old[i], row, emit);
		}
	},
	added: ['{"data":[{', '}],"type":"INSERT"}\n'],
	removed: ['{"data":[{', '}],"type":"DELETE"}\n'],
};

/** The image before holds only the fields that changed. */
function emitUpdate(data: JsonObject, old: JsonObject, row: JsonRowReader, emit: EmitRow): void {
	emit(row({ ...data, ...old }), RowKind.UPDATE_BEFORE);
	emit(row(data), RowKind.UPDATE_AFTER);
}

function image(message: JsonObject, name: string, change: string, hint = ""): JsonObject {
	const found = message[name];
	if (isObject(found)) return found;
	const article = /^[aeiou]/.test(change) ? "an" : "a";
	throw new JsonMismatch(`'${name}' of ${article} ${change} is missing${name === "before" ? hint : ""}`);
}

function images(message: JsonObject, name: string): readonly JsonObject[] {
	const found = message[name];
	if (Array.isArray(found) && found.every(isObject)) return found as readonly JsonObject[];
	throw new JsonMismatch(`'${name}' is no array of rows`);
}

const unknown = (member: string, found: unknown, expected: string) =>
	new JsonMismatch(`unknown '${member}' ${JSON.stringify(found)}, expected ${expected}`);
