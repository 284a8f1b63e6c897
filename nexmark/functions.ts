// The suite's user functions, under the class names by which its scripts create them.
import { type Session, scalarFunction } from "../src/index.js";

/** How often a character occurs in a text. */
const countChar = scalarFunction({
	name: "count_char",
	parameters: ["STRING", "STRING"],
	returns: "BIGINT",
	eval: (text, character) => text.split(character).length - 1,
});

export function registerFunctions(session: Session): void {
	session.registerClass("com.github.nexmark.flink.udf.CountChar", countChar);
}
