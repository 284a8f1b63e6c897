// What a query can ask about types and its session, and random identifiers.
import { char, notNull, type SqlType, STRING } from "../../types/sql-type.js";
import { typeText } from "../../types/type-text.js";
import { ANY, family, TRUTH } from "../define.js";
import type { Argument } from "../function.js";

/** STRING and BYTES stand for VARCHAR and VARBINARY of full length, unless the text shall be readable as a type again. */
const briefName = (type: SqlType): string =>
	typeText(type).replaceAll("VARCHAR(2147483647)", "STRING").replaceAll("VARBINARY(2147483647)", "BYTES");

function randomUuid(): string {
	const digit = (position: number) => {
		if (position === 14) return "4";
		const value = Math.floor(Math.random() * 16);
		return (position === 19 ? (value & 3) | 8 : value).toString(16);
	};
	return Array.from({ length: 36 }, (_, i) => (i === 8 || i === 13 || i === 18 || i === 23 ? "-" : digit(i))).join("");
}

export const systemFunctions = family("system", [
	{
		name: "TYPEOF",
		signatures: "TYPEOF(any[, force serializable]) -> STRING",
		doc: "The type of an expression as text.",
		example: "TYPEOF(1) = 'INT NOT NULL'",
		nulls: "custom",
		parameters: [ANY, TRUTH],
		optional: 1,
		result: STRING,
		nullable: true,
		implement: ({ args }) => {
			const { type } = args[0] as Argument;
			const name = args[1]?.literal === true ? typeText(type) : briefName(type);
			return () => name;
		},
	},
	{
		name: "UUID",
		signatures: "UUID() -> CHAR(36) NOT NULL",
		doc: "A random identifier (RFC 4122, version 4).",
		example: "CHAR_LENGTH(UUID()) = 36",
		determinism: "row",
		parameters: [],
		result: notNull(char(36)),
		nullable: false,
		run: randomUuid,
	},
	{
		name: "CURRENT_DATABASE",
		signatures: "CURRENT_DATABASE() -> STRING NOT NULL",
		doc: "The session's current database.",
		example: "CHAR_LENGTH(CURRENT_DATABASE()) > 0",
		determinism: "query",
		parameters: [],
		result: notNull(STRING),
		nullable: false,
		implement:
			({ context }) =>
			() =>
				context.currentDatabase,
	},
]);
