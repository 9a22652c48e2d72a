// Calls into WebAssembly: text in, JSON or a small object out.
//
// The module gives its memory back all at once, before the next call, which takes much less code than piece by piece.
// Memory never shrinks: past a limit the whole module is made anew. So it is after a trap, too: the next call starts
// from a clean state.

import { __wbg_reset_state, ask, begin, knownRoles } from "../../generated/full.js";
import { misuse } from "./arguments.js";
import { memory } from "./source.js";

/** Octets of memory with which the module goes on. */
const ENOUGH = 1 << 24;

const NONE = new Uint8Array();

/**
 * Asks one function of the module.
 *
 * @param {string} name the function that the caller called, for the error
 * @param {string} inner the function of the module
 * @param {(string | number)[]} given its arguments: JSON, or a plain word
 * @param {string} text
 * @param {Uint8Array} octets
 */
export function call(name, inner, given, text = "", octets = NONE) {
  const utf8 = new TextEncoder();
  const question = [inner, ...given].join("\n");
  return JSON.parse(entered(name, () => ask(utf8.encode(question), utf8.encode(text), octets)));
}

/** The roles that a service is known to have. */
export function rolesOf(service) {
  return entered("knownRoles", () => knownRoles(service));
}

/** Whether the module is to be made anew before it is used again. */
let spent = false;

/** Calls on their way: a page whose `URL` is its own may make one inside another. */
let depth = 0;

function entered(name, enter) {
  // what is wrong with bringing the module is not what is wrong with the call
  memory(name);
  depth++;
  try {
    if (depth === 1) {
      if (spent) renew();
      begin();
    }
    return enter();
  } catch (error) {
    // the rim refuses with a plain text
    if (typeof error === "string") throw misuse(`${name}: ${error}`, "ERR_INVALID_ARG_VALUE");
    spent = true;
    const failure = new Error(`${name} could not be completed: ${error.message}`, { cause: error });
    failure.code = "ERR_OUT_OF_RESOURCES";
    throw failure;
  } finally {
    depth--;
    spent ||= memory(name).buffer.byteLength > ENOUGH;
    if (spent && depth === 0) {
      try {
        renew();
      } catch {
        // the answer is there whatever becomes of this; the next call tries again
      }
    }
  }
}

function renew() {
  __wbg_reset_state();
  spent = false;
}
