// Where the module comes from in `rolecall/async`: whatever `init` brought.

import { initSync } from "../../generated/full.js";
import { fullModule } from "../async/modules.js";

let loaded = false;

/** Makes sure that the module is there. */
export function ensure(name) {
  if (loaded) return;
  initSync({ module: fullModule(name) });
  loaded = true;
}
