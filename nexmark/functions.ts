// The suite's user functions, under the class names by which its scripts create them.
import { type BytesColumn, type Session, scalarFunction } from "../src/index.js";

/** How often the first unit of `character` occurs in a text. */
function occurrences(text: string, character: string): number {
	const code = character.charCodeAt(0);
	let count = 0;
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) count++;
	return count;
}

const decoder = new TextDecoder();
const textAt = ({ bytes, offsets }: BytesColumn, row: number) =>
	decoder.decode(bytes.subarray(offsets[row], offsets[row + 1]));

const countChar = scalarFunction({
	name: "count_char",
	parameters: ["STRING", "STRING"],
	returns: "BIGINT",
	eval: occurrences,
	evalColumns(result, text, character) {
		const { bytes, offsets } = text;
		let end = offsets[0]!;
		for (let row = 0; row < result.length; row++) {
			let i = end;
			end = offsets[row + 1]!;
			const at = character.offsets[row]!;
			// A character of one byte is part of no other, so that bytes can be compared.
			if (character.offsets[row + 1] !== at + 1) {
				result[row] = occurrences(textAt(text, row), textAt(character, row));
				continue;
			}
			const code = character.bytes[at];
			let count = 0;
			for (; i < end; i++) if (bytes[i] === code) count++;
			result[row] = count;
		}
	},
});

export function registerFunctions(session: Session): void {
	session.registerClass("com.github.nexmark.flink.udf.CountChar", countChar);
}
