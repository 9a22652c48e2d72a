// The modules that `init` compiled.

/** @type {{ full: WebAssembly.Module, email: WebAssembly.Module } | undefined} */
let compiled;

function modules(name) {
  if (compiled === undefined) {
    const error = new Error(`${name} was called before init() was done: \`await init()\` once, anywhere`);
    error.code = "ERR_NOT_INITIALIZED";
    throw error;
  }
  return compiled;
}

export const fullModule = (name) => modules(name).full;
export const emailModule = (name) => modules(name).email;

export function keep(full, email) {
  compiled = { full, email };
}
