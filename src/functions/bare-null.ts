// Which functions take a bare NULL as argument. Flink refuses it ("Illegal use of NULL") in the functions that come from
// its SQL parser's library, and takes it in those of its own library and in comparisons.

const TAKERS = new Set([
	"BTRIM",
	"ELT",
	"SPLIT",
	"STARTSWITH",
	"ENDSWITH",
	"TRANSLATE",
	"PRINTF",
	"UNHEX",
	"URL_ENCODE",
	"URL_DECODE",
	"INET_ATON",
	"INET_NTOA",
	"REGEXP_COUNT",
	"REGEXP_EXTRACT_ALL",
	"REGEXP_INSTR",
	"REGEXP_SUBSTR",
	"JSON_QUOTE",
	"JSON_UNQUOTE",
	"JSON_STRING",
	"TO_TIMESTAMP_LTZ",
	"TYPEOF",
	"IS NULL",
	"IS NOT NULL",
	"IS TRUE",
	"IS NOT TRUE",
	"IS FALSE",
	"IS NOT FALSE",
]);

export const takesBareNull = (name: string): boolean =>
	TAKERS.has(name) || name.startsWith("ARRAY_") || name.startsWith("MAP_") || name.startsWith("BITMAP_");
