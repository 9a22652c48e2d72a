// `rolecall/element/auto`: defines the elements on import, where there are any.

import { define } from "../element.js";

define();
