/** Importing this defines `<rolecall-email>`, `<rolecall-role>` and `<rolecall-recipients>`. On a server it does nothing. */
export type {} from "../element.js";
