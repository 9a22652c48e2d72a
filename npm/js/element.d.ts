import type { EmailOptions, Messages } from "./email.js";
import type { GivenRole, Service } from "./index.js";

export type { EmailOptions, Messages };

/** A native control with a text in it. */
export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Sentences of your own, by code: a text, or a function. Three are of the controls themselves. */
export interface ControlMessages {
  [code: string]: string | ((issue: any) => string) | undefined;
  /** What the button says that offers the text which was probably meant. */
  DidYouMean?: string | ((offer: string) => string);
  /** How many recipients a list has, how many are given twice, and how many are not valid. */
  Count?: string | ((count: { good: number; doubled: number; wrong: number }) => string);
  /** What is wrong with a line of a list. */
  Line?: string | ((wrong: { line: number; message: string }) => string);
}

/** What to check, and how to say it. */
export type AttachOptions = {
  messages?: ControlMessages;
} & (
  | {
      /** One address. */
      kind?: "email";
    }
  | {
      /** One role. */
      kind: "role";
      /** Whose. */
      service: Service;
      /** The organization's own roles, instead of those that are known. */
      roles?: readonly GivenRole[];
    }
  | {
      /** A list of recipients. */
      kind: "recipients";
      /** Whose roles a row may name. */
      service?: Service;
      /** The organization's own roles, instead of those that are known. */
      roles?: readonly GivenRole[];
      /** Whether addresses that differ in the case of the local part only are the same. */
      ignoreCase?: boolean;
    }
);

/** A control that checks what is entered. */
export interface Attached {
  /** The control. */
  readonly control: Control;
  /** Looks at the value again, and says whether it is valid. */
  check(): boolean;
  /** Takes everything back: listeners, sentences, attributes, validity. */
  detach(): void;
}

/**
 * Makes a native control one that checks what is entered: through `setCustomValidity`, with the
 * sentence wired for screen readers and a button for what was probably meant.
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
