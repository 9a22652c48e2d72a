/** All of `rolecall`, with the modules of WebAssembly as files of their own. */
export * from "./index.js";

/** A `WebAssembly.Module`. Not every project has that type; the DOM's, too, is that of any object. */
type CompiledModule = object;

/** Where a module is: an address, what `fetch` gave, its octets, or the compiled module. */
export type ModuleSource = string | URL | Response | ArrayBuffer | ArrayBufferView | CompiledModule;

/**
 * Brings the modules, once: every further call gives the same promise. The functions work when it is
 * through; before, they throw an `Error` with the code `ERR_NOT_INITIALIZED`.
 *
 * Bundlers that know `new URL(…, import.meta.url)` need no `sources`.
 *
 * @example
 * import { checkEmail, init } from "rolecall/async";
 * await init();
 * checkEmail("ann@example.com").type; // "ok"
 */
export function init(sources?: {
  /** Of `rolecall/rolecall.wasm`. */
  full?: ModuleSource | Promise<ModuleSource> | undefined;
  /** Of `rolecall/email.wasm`. */
  email?: ModuleSource | Promise<ModuleSource> | undefined;
}): Promise<void>;
