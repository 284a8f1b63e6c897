// How errors show a value that was passed, whatever it is: never fails, never long.

export function shown(value: unknown): string {
	switch (typeof value) {
		case "string":
			return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
		case "object":
			if (value === null) return "null";
			if (Array.isArray(value)) return `[${value.slice(0, 5).map(shown).join(", ")}${value.length > 5 ? ", …" : ""}]`;
			return `a value of class ${className(value)}`;
		case "function":
			return `function ${value.name}`;
		case "bigint":
			return `${value}n`;
		default:
			return String(value);
	}
}

function className(value: object): string {
	try {
		return String(value.constructor.name);
	} catch {
		return "Object";
	}
}
