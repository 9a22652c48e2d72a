// Schemas for forms and validators, by the Standard Schema (version 1), synchronous.

import { checkEmail } from "./email/check.js";

/** The caller's own words for `code`, or ours where there are none: what is wrong is said in any case. */
export function worded(messages, code, about, ours) {
  let own;
  try {
    own = messages?.[code];
    if (typeof own === "function") own = own(about);
  } catch (error) {
    console.error(error);
  }
  return (typeof own === "string" && own) || ours;
}

/** @type {typeof import("./email.js").localize} */
export const localize = (issue, messages) => worded(messages, issue.code, issue, issue.message);

/** An issue as the Standard Schema has it, with all that ours has besides. */
export const shown = (issue, messages, where) => ({ ...issue, message: localize(issue, messages), ...where });

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
    const { issue, email } = checkEmail(entered(value), rules);
    return issue ? { issues: [shown(issue, messages)] } : { value: email };
  });
}

/** @type {typeof import("./email.js").emailSchema} */
export const emailSchema = /* @__PURE__ */ createEmailSchema();
