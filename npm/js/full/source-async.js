// Where the module comes from in `rolecall/async`: whatever `init` brought.

import { initSync } from "../../generated/full.js";
import { fullModule } from "../async/modules.js";

let loaded = false;

/** The memory of the module, once that is there. */
export function memory(name) {
  const exports = initSync(loaded ? undefined : { module: fullModule(name) });
  loaded = true;
  return exports.memory;
}
