// Calls into WebAssembly: text in, JSON or a small object out. After a trap the module is made anew, so that the next
// call starts from a clean state.

import { __wbg_reset_state } from "../../generated/full.js";
import { misuse } from "./arguments.js";
import { ensure } from "./source.js";

/**
 * Calls one function of the module and reads its answer.
 *
 * @param {string} name the function that the caller called, for the error
 * @param {(...args: any[]) => unknown} inner
 */
export function call(name, inner, ...args) {
  ensure(name);
  let answer;
  try {
    answer = inner(...args);
  } catch (error) {
    // the rim refuses with a plain text
    if (typeof error === "string") throw misuse(`${name}: ${error}`, "ERR_INVALID_ARG_VALUE");
    __wbg_reset_state();
    const failure = new Error(`${name} could not be completed: ${error.message}`, { cause: error });
    failure.code = "ERR_OUT_OF_RESOURCES";
    throw failure;
  }
  return typeof answer === "string" ? JSON.parse(answer) : answer;
}
