// `rolecall/js`: the functions of `rolecall/email` without WebAssembly, for pages whose policy forbids it.

export * from "./email.js";
