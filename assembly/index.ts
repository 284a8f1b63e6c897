// The ABI: the only list of WebAssembly exports. One line per kernel file.
export * from "./memory/copy";
