// Where the module comes from in `rolecall/async`: whatever `init` brought.

import { emailModule } from "../async/modules.js";

/** What the module exports. */
export function instantiate() {
  return new WebAssembly.Instance(emailModule("checkEmail")).exports;
}
