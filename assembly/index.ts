// The ABI: the only list of WebAssembly exports. One line per kernel file.
export * from "./column/view";
export * from "./memory/copy";
