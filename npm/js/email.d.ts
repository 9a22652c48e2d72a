/**
 * E-mail addresses: what can be invited, what is wrong with the rest, and where.
 *
 * Positions count UTF-16 units, as all of JavaScript does. Nothing is sent anywhere.
 */

/** What is wrong with an address. */
export type EmailCode =
  | "Empty"
  | "MailtoPrefix"
  | "MissingAt"
  | "DisplayName"
  | "LocalEmpty"
  | "LocalQuoted"
  | "LocalLeadingDot"
  | "LocalConsecutiveDots"
  | "LocalTrailingDot"
  | "Comment"
  | "WhitespaceInside"
  | "ControlChar"
  | "Separator"
  | "LocalNonAscii"
  | "LocalInvalidChar"
  | "LocalTooLong"
  | "DomainEmpty"
  | "AddressLiteral"
  | "ExtraAt"
  | "DomainInvalidChar"
  | "DomainNeedsIdna"
  | "IdnaInvalid"
  | "DomainIsIpAddress"
  | "DomainTrailingDot"
  | "DomainEmptyLabel"
  | "LabelHyphenStart"
  | "LabelHyphenEnd"
  | "LabelTooLong"
  | "DomainSingleLabel"
  | "TldInvalid"
  | "DomainTooLong"
  | "TooLong"
  | "ReservedDomain";

/** What is wrong, where, and in words. */
export interface EmailIssue {
  /** The kind of error. */
  code: EmailCode;
  /** What the message is made of: the character that is wrong, or the limit exceeded. */
  params: Readonly<{
    /** The character at `range[0]`, for the kinds that are about one. */
    character?: string;
    /** The same as `U+0020`. */
    codePoint?: string;
    /** What people call it, if it cannot be seen. */
    name?: string;
    /** Octets allowed, for the kinds that are about length. */
    max?: number;
  }>;
  /** A sentence a person can act on: lower case, no full stop. */
  message: string;
  /** Start and end in the text as it was given. */
  range: [start: number, end: number];
}

/** Something worth saying about a valid address. */
export type EmailNotice =
  | {
      /** Blanks around it were dropped; case or writing of the domain was changed; mail to the domain does not arrive. */
      code: "Trimmed" | "Normalized" | "ReservedDomain";
      message: string;
    }
  | {
      /** The domain looks like a slip. */
      code: "Suggestion";
      message: string;
      /** The address that was probably meant. */
      suggestion: string;
    };

/** The answer about one address. */
export type EmailResult =
  | {
      type: "ok";
      /** The normalized address: trimmed, its domain in lower case and as A-labels. */
      email: string;
      /** What stands before the `@`, in the letter case given. */
      local: string;
      /** What stands after it. */
      domain: string;
      /** What to compare addresses by: the domain without regard to case, the local part exactly. */
      key: string;
      /** What is worth saying; mostly nothing. */
      notices: readonly EmailNotice[];
    }
  | {
      type: "invalid";
      issue: EmailIssue;
      /**
       * The address that was probably meant, if there is one. Looked for when it is read, behind a proxy, too. A copy
       * that takes over the getter instead of its value has none: MobX needs `observable.ref`.
       */
      readonly suggestion?: string | undefined;
    };

/** Choices of {@link checkEmail}. */
export interface EmailOptions {
  /** Accept non-ASCII characters before the `@`. Such a mailbox works only where every hop speaks SMTPUTF8. */
  allowNonAsciiLocal?: boolean | undefined;
  /** Refuse domains to which no mail arrives over the public Internet, instead of noticing them. */
  refuseReserved?: boolean | undefined;
}

/**
 * Checks one address.
 *
 * @example
 * const result = checkEmail("ann@example,com");
 * if (result.type === "invalid") {
 *   result.issue.code; // "Separator"
 *   result.issue.range; // [11, 12]
 *   result.suggestion; // "ann@example.com"
 * }
 */
export function checkEmail(text: string, options?: EmailOptions): EmailResult;

/** The answers about many addresses, as numbers. */
export interface EmailBatch {
  /** How many addresses there are. */
  count: number;
  /** For each 0, or the number of the error: `EMAIL_CODES[codes[i]]` is its name. */
  codes: Uint8Array;
  /** For each where the error is, in the address; 0 for a valid one. */
  at: Uint32Array;
  /** The error of the address at `index` in full, or `null` for a valid one. */
  issue(index: number): EmailIssue | null;
}

/**
 * Checks many addresses: the items of an array, or the lines of a text (a line end at the end does
 * not start another line; an empty line is an `Empty` address).
 *
 * @example
 * const { count, codes, issue } = checkEmails("ann@example.com\nbob@example");
 * codes[0]; // 0
 * issue(1)?.code; // "DomainSingleLabel"
 */
export function checkEmails(addresses: string | readonly string[]): EmailBatch;

/**
 * The address that was probably meant, or `null`. It never differs from a valid address in what
 * stands before the `@`, and is never proposed for a domain that merely resembles a provider's.
 *
 * @example
 * suggestEmail("ann@gmial.com"); // "ann@gmail.com"
 * suggestEmail("ann@ymail.com"); // null
 */
export function suggestEmail(text: string): string | null;

/** The names behind the numbers of {@link EmailBatch.codes}; the first, for 0, is empty. */
export const EMAIL_CODES: readonly ["", ...EmailCode[]];

/** Anything with a code, what belongs in its sentence, and the sentence in English. */
export interface Issue {
  /** Name of the kind, as in `MissingAt`: what other languages go by. */
  code: string;
  /** What the sentence names. */
  params: Record<string, unknown>;
  /** A sentence a person can act on: lower case, no full stop. */
  message: string;
  /** Start and end in the text as it was given, in UTF-16 units. */
  range?: [start: number, end: number];
  /** Where in a value of several parts. */
  path?: readonly PropertyKey[];
}

/**
 * Sentences of your own, by code: a text, or a function of the issue. Where there is none, or a function fails or
 * gives no text, the sentence is the English one.
 */
export type Messages = Record<string, string | ((issue: any) => string) | ((value: any) => string) | undefined>;

/**
 * The sentence of an issue, or your own for its code.
 *
 * @example
 * localize(issue, { MissingAt: "Es fehlt ein @", Separator: ({ params }) => `Bitte ohne ${params.character}` });
 */
export function localize(issue: Issue, messages?: Messages): string;

/** A schema as [Standard Schema](https://standardschema.dev) has it, version 1; `validate` is synchronous. */
export interface Schema<Input, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "rolecall";
    readonly validate: (value: unknown) => { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/**
 * An address as a schema: gives the normalized address.
 *
 * @example
 * const result = emailSchema["~standard"].validate(" Ann@Example.com");
 * if (!result.issues) result.value; // "Ann@example.com"
 */
export const emailSchema: Schema<string>;

/**
 * {@link emailSchema} with choices and sentences of your own.
 *
 * @example
 * const schema = createEmailSchema({ refuseReserved: true, messages: { Empty: "Bitte eine Adresse eingeben" } });
 */
export function createEmailSchema(options?: EmailOptions & { messages?: Messages | undefined }): Schema<string>;
