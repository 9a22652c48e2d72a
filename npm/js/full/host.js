// What the module asks of its host.

import { domainToAscii as map } from "../email/host.js";

/** The domain as A-labels; nothing for one that the host refuses. */
export function domainToAscii(domain) {
  const mapped = map(domain);
  return typeof mapped === "string" ? mapped : undefined;
}
