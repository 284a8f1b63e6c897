// Declared options as a Markdown table.
import type { OptionDescription, OptionDescriptions } from "../../src/types/option.js";

export function optionTable(options: OptionDescriptions): string {
	const rows = Object.entries(options).map(
		([name, each]) => `| \`${name}\` | ${typeText(each)} | ${defaultText(each)} | ${each.doc.replaceAll("|", "\\|")} |`,
	);
	return ["| option | type | default | |", "|---|---|---|---|", ...rows].join("\n");
}

const typeText = ({ type, values }: OptionDescription) => values?.map((value) => `\`${value}\``).join(", ") ?? type;

function defaultText({ required, default: value, type }: OptionDescription): string {
	if (required) return "required";
	if (value === undefined) return "";
	return `\`${type === "duration" ? `${value} ms` : type === "memory" ? `${value} bytes` : value}\``;
}
