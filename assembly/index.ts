// The ABI: the only list of WebAssembly exports. One line per kernel file.
export * from "./column/row";
export * from "./column/view";
export * from "./memory/copy";
export * from "./source/nexmark-blocks";
export { nexmarkRows, nexmarkTimes, nexmarkTypes, nexmarkValidity } from "./source/nexmark-clock";
export { nexmarkBuildPool } from "./source/nexmark-random";
export * from "./source/nexmark-stream";
export { nexmarkBuildPriceSteps, nexmarkBuildUrls } from "./source/nexmark-tables";
export * from "./exchange/partition";
