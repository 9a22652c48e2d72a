// `rolecall`: everything, synchronous; the module is compiled on the first call.

export { checkEmail, checkEmails, suggestEmail, EMAIL_CODES, createEmailSchema, emailSchema, localize } from "./email.js";
export { knownRoles, matchRole } from "./full/roles.js";
export { readRecipients, readRecipientsFile } from "./full/recipients.js";
export { planInvites, planRoleChange } from "./full/plans.js";
export { buildRequest, readResponse } from "./full/calls.js";
export { roleSchema, recipientsSchema } from "./full/schemas.js";
