// Schemas for forms and validators, by the Standard Schema (version 1), synchronous.

import { checkEmail } from "./email/check.js";

/** @type {typeof import("./email.js").localize} */
export function localize(issue, messages) {
  const own = messages?.[issue.code];
  return typeof own === "function" ? own(issue) : (own ?? issue.message);
}

/** An issue as the Standard Schema has it, with all that ours has besides. */
export function shown(issue, messages, path) {
  const told = { ...issue, message: localize(issue, messages) };
  if (path !== undefined) told.path = path;
  return told;
}

/** @returns {any} */
export function standard(validate) {
  return Object.freeze({ "~standard": Object.freeze({ version: 1, vendor: "rolecall", validate }) });
}

/** What to check of a value: of one that is no text, as if nothing had been entered. */
export const entered = (value) => (typeof value === "string" ? value : "");

/** @type {typeof import("./email.js").createEmailSchema} */
export function createEmailSchema(options) {
  const { messages, ...rules } = options ?? {};
  return standard((value) => {
    const result = checkEmail(entered(value), rules);
    return result.type === "ok" ? { value: result.email } : { issues: [shown(result.issue, messages)] };
  });
}

/** @type {typeof import("./email.js").emailSchema} */
export const emailSchema = /* @__PURE__ */ createEmailSchema();
