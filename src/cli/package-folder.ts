// Where the files of the package lie that are no code: queries, package.json. The same from sources, from the build and installed.
import { createRequire } from "node:module";
import { dirname } from "node:path";

export const packageFolder = (): string => dirname(createRequire(import.meta.url).resolve("millrace/package.json"));
