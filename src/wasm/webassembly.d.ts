// The part of the WebAssembly JavaScript API that the engine uses: TypeScript declares it only with the DOM library.
declare namespace WebAssembly {
	class Module {
		constructor(bytes: Uint8Array<ArrayBuffer>);
	}
	class Instance {
		constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
		readonly exports: Record<string, unknown>;
	}
	class Memory {
		constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
		readonly buffer: ArrayBuffer;
		grow(pages: number): number;
	}
	function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
}
