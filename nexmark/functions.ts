// The suite's user functions, under the class names by which its scripts create them.
import { type Session, scalarFunction } from "../src/index.js";

/** How often a character occurs in a text. */
const countChar = scalarFunction({
	name: "count_char",
	parameters: ["STRING", "STRING"],
	returns: "BIGINT",
	eval: (text, character) => {
		const code = character.charCodeAt(0);
		let count = 0;
		for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) count++;
		return count;
	},
});

export function registerFunctions(session: Session): void {
	session.registerClass("com.github.nexmark.flink.udf.CountChar", countChar);
}
