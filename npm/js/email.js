// `rolecall/email`: e-mail addresses, for forms. Synchronous; compiled on the first call.

export { checkEmail, suggestEmail } from "./email/check.js";
export { checkEmails } from "./email/batch.js";
export { EMAIL_CODES } from "./email/kinds.js";
export { createEmailSchema, emailSchema, localize } from "./schema.js";
