import type { EmailOptions, Messages } from "./email.js";
import type { GivenRole, Service } from "./index.js";

export type { EmailOptions, Messages };

/** A native control with a text in it. */
export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Sentences of your own, by code: a text, or a function. Three are of the controls themselves. */
export interface ControlMessages {
  [code: string]: string | ((issue: any) => string) | undefined;
  /** What the button says that offers the text which was probably meant. */
  DidYouMean?: string | ((offer: string) => string) | undefined;
  /** How many recipients a list has, how many are given twice, and how many are not valid. */
  Count?: string | ((count: { good: number; doubled: number; wrong: number }) => string) | undefined;
  /** What is wrong with a line of a list. */
  Line?: string | ((wrong: { line: number; message: string }) => string) | undefined;
}

/** Choices for one address. */
export interface EmailControlOptions {
  messages?: ControlMessages | undefined;
}

/** Choices for one role. */
export interface RoleControlOptions {
  /** Whose. */
  service: Service;
  /** The organization's own roles, instead of those that are known. */
  roles?: readonly GivenRole[] | undefined;
  messages?: ControlMessages | undefined;
}

/** Choices for a list of recipients. */
export interface RecipientsControlOptions {
  /** Whose roles a row may name. */
  service?: Service | undefined;
  /** The organization's own roles, instead of those that are known. */
  roles?: readonly GivenRole[] | undefined;
  /** Whether addresses that differ in the case of the local part only are the same. */
  ignoreCase?: boolean | undefined;
  messages?: ControlMessages | undefined;
}

/** What to check, and how to say it. */
export type AttachOptions =
  | ({ kind?: "email" | undefined } & EmailControlOptions)
  | ({ kind: "role" } & RoleControlOptions)
  | ({ kind: "recipients" } & RecipientsControlOptions);

/** A control that checks what is entered. */
export interface Attached {
  /** The control. */
  readonly control: Control;
  /** Looks at the value again, and says whether it is valid. */
  check(): boolean;
  /** Takes everything back: listeners, sentences, attributes, validity. */
  detach(): void;
}

/** An element that checks what is entered in the control inside it. */
export interface ControlElement<Options> extends HTMLElement {
  /** Its choices, to be set as a whole. An attribute `service` goes before `options.service`. */
  options: Options;
  /** The control inside: the first that takes a text, or offers some. */
  readonly control: Control | null;
  /** Looks at the value again, and says whether it is valid. */
  check(): boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    "rolecall-email": ControlElement<EmailControlOptions>;
    /** Nothing is checked until a service is named. */
    "rolecall-role": ControlElement<Partial<RoleControlOptions>>;
    "rolecall-recipients": ControlElement<RecipientsControlOptions>;
  }
}

/**
 * Makes a native control one that checks what is entered: through `setCustomValidity`, with the
 * sentence wired for screen readers and a button for what was probably meant. What was attached to
 * the control before is detached.
 *
 * @example
 * const attached = attach(document.querySelector("input[name=email]"), { kind: "email" });
 * // later
 * attached.detach();
 */
export function attach(control: Control, options?: AttachOptions): Attached;

/**
 * Defines `<rolecall-email>`, `<rolecall-role>` and `<rolecall-recipients>`. Importing
 * `rolecall/element/auto` does it too. Does nothing where there are no elements, as on a server.
 *
 * @example
 * define();
 * // <rolecall-email><label>Email <input name="email" required></label></rolecall-email>
 */
export function define(registry?: CustomElementRegistry): void;
