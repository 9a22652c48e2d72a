// What makes a native control one that checks what is entered. The control stays the form control:
// nothing here takes part in the form but `setCustomValidity`.

import { checkEmail } from "../email/check.js";
import { misuse } from "../full/arguments.js";
import { readRecipients } from "../full/recipients.js";
import { knownRoles, matchRole } from "../full/roles.js";
import { localize, noText } from "../schema.js";

/** At most so many errors of a list are spelled out; the count tells of the rest. */
const LINES = 10;

let ids = 0;

/** Who is attached to a control: the last one. */
const ATTACHED = new WeakMap();

/** What is known of a value: an error, a better value to offer, notes, errors by line. */
const CHECKS = {
  email(value) {
    const result = checkEmail(value);
    if (result.type === "invalid") return { issue: result.issue, offer: result.suggestion };
    const slip = result.notices.find((notice) => notice.code === "Suggestion");
    return { offer: slip?.suggestion };
  },
  role(value, { service, roles }) {
    const matched = matchRole(value, service, roles);
    if (matched.type === "ok") return {};
    return { issue: matched.issue, offer: matched.issue.params.nearest?.label };
  },
  recipients(value, options, required) {
    const { service, roles, ignoreCase } = options;
    const { rows } = readRecipients(value, { service, roles, ignoreCase });
    const wrong = rows.filter((row) => row.issue);
    const doubled = rows.filter((row) => row.duplicateOf !== undefined).length;
    const none = required && rows.length === 0 ? noText("enter at least one recipient") : undefined;
    return { issue: wrong[0]?.issue ?? none, rows, wrong, doubled };
  },
};

/** @type {typeof import("../element.js").attach} */
export function attach(control, options = {}) {
  if (typeof control?.setCustomValidity !== "function") {
    throw misuse("attach: control must be an input, a select or a textarea");
  }
  const kind = options.kind ?? "email";
  if (!Object.hasOwn(CHECKS, kind)) {
    throw misuse('attach: options.kind must be one of "email", "role", "recipients"', "ERR_INVALID_ARG_VALUE");
  }
  const attached = new Attached(control, kind, options);
  try {
    // told at once, not at the first letter
    if (kind === "role") knownRoles(options.service);
    attached.begin();
  } catch (error) {
    attached.detach();
    excuse(error);
  }
  return attached;
}

let excused = false;

/** A page whose policy forbids WebAssembly has plain controls, and is told once; browsers throw differently. */
function excuse(error) {
  if (globalThis.WebAssembly && !/^(Compile|Eval)Error$/.test(error?.name)) throw error;
  if (!excused) console.error("rolecall: nothing is checked without script-src 'wasm-unsafe-eval'", error);
  excused = true;
}

class Attached {
  constructor(control, kind, options) {
    this.control = control;
    this.kind = kind;
    this.options = options;
    this.told = false;
    this.stop = new AbortController();
  }

  begin() {
    const { control } = this;
    ATTACHED.get(control)?.detach();
    ATTACHED.set(control, this);
    this.clean();
    /** What is changed here, as it was. */
    this.before = new Map(["aria-describedby", "aria-invalid", "list"].map((name) => [name, control.getAttribute(name)]));
    this.said = control.validity.customError ? control.validationMessage : "";
    this.build();
    this.listen();
    this.look();
  }

  listen() {
    const { control, stop } = this;
    const { signal } = stop;
    const on = (type, listener) => control.addEventListener(type, listener, { signal });
    on("input", () => this.look());
    on("change", () => this.tell());
    const leave = () => control.value !== "" && this.tell();
    on("blur", leave);
    // what is offered must be there before the browser looks where to go
    on("keydown", ({ key }) => key === "Tab" && leave());
    on("invalid", (event) => {
      this.refresh();
      if (control.validity.valid) event.preventDefault();
      else this.tell();
    });
    // before anything else hears of it; the control may come into a form later
    const listener = weakly(this);
    for (const target of [control.ownerDocument.defaultView, control.getRootNode()]) {
      for (const type of ["pageshow", "click", "submit", "reset"]) {
        target?.addEventListener(type, listener, { signal, capture: true });
      }
    }
  }

  /** Behind the label where the control stands in one: a button in a label would be clicked with it. */
  place() {
    return this.control.closest("label") ?? this.control;
  }

  /** A clone brings along what its original was given, and ids that lead there. */
  clean() {
    const { control } = this;
    const [, described, id] = /^(.*?) ?(rolecall-\d+)$/.exec(control.getAttribute("aria-describedby")) ?? [];
    if (id === undefined) return;
    restore(control, "aria-describedby", described || null);
    control.removeAttribute("aria-invalid");
    if (control.getAttribute("list") === `${id}-roles`) control.removeAttribute("list");
    const help = this.place().nextElementSibling;
    if (help?.id === id) help.remove();
  }

  build() {
    const { control, kind, options } = this;
    const document = control.ownerDocument;
    const id = `rolecall-${++ids}`;
    const make = (name, className) => Object.assign(document.createElement(name), { className });
    this.help = make("div", "rolecall-help");
    this.help.id = id;
    this.error = make("p", "rolecall-error");
    this.error.hidden = true;
    this.offer = make("button", "rolecall-suggestion");
    this.offer.type = "button";
    this.offer.hidden = true;
    this.offer.addEventListener("click", () => this.take());
    this.help.append(this.error, this.offer);
    if (kind === "recipients") {
      this.count = make("output", "rolecall-count");
      this.lines = make("ol", "rolecall-lines");
      this.lines.hidden = true;
      this.help.append(this.count, this.lines);
    } else {
      this.help.setAttribute("aria-live", "polite");
    }
    if (kind === "role" && control.localName === "input" && !control.hasAttribute("list")) {
      const list = make("datalist", "rolecall-roles");
      list.id = `${id}-roles`;
      for (const role of options.roles ?? knownRoles(options.service)) {
        const option = document.createElement("option");
        option.value = role.label ?? role.id;
        if (role.summary) option.label = role.summary;
        list.append(option);
      }
      this.help.append(list);
      control.setAttribute("list", list.id);
    }
    const described = this.before.get("aria-describedby");
    control.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
    this.place().after(this.help);
  }

  /** What happens around the control. */
  heard(event) {
    const { control } = this;
    const { form } = control;
    const fresh = !this.refresh();
    if (event.target !== form) return;
    if (event.type === "reset") {
      // the values come back after the event
      setTimeout(() => event.defaultPrevented || this.forget());
    } else if (event.type === "submit" && !fresh && !form.noValidate && !event.submitter?.formNoValidate) {
      // the browser has let through what it knew; nobody shall hear of a submission that is none
      if (form.reportValidity()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  /** Looks at a value that no event told of: of a script, or from before the person went away. */
  refresh() {
    const stale = this.control.value !== this.seen;
    if (stale) this.look();
    return stale;
  }

  /** Looks at the value; what is wrong is told when the person is through with it. */
  look() {
    if (this.help === undefined) return;
    const { control, options } = this;
    const { value } = control;
    this.seen = value;
    // an empty one is the business of `required`
    let found = {};
    try {
      if (value !== "") found = CHECKS[this.kind](value, options, control.required);
    } catch (error) {
      excuse(error);
      return this.detach();
    }
    this.found = found;
    const message = found.issue ? this.sentence(found) : "";
    control.setCustomValidity(message);
    if (this.count) this.number(found);
    if (this.told) this.show(found);
  }

  sentence({ issue, wrong }) {
    const message = localize(issue, this.options.messages);
    const line = wrong?.[0]?.line;
    return capital(line ? this.words("Line", { line, message }, `line ${line}: ${message}`) : message);
  }

  /** The page's own words for what only controls say, or these. */
  words(code, about, message) {
    const own = this.options.messages?.[code];
    return typeof own === "function" ? own(about) : (own ?? message);
  }

  /** Shows what is wrong, and goes on showing. */
  tell() {
    this.told = true;
    this.refresh();
    this.show(this.found);
  }

  show(found) {
    if (this.help === undefined) return;
    const { control } = this;
    const message = found.issue ? control.validationMessage || this.sentence(found) : "";
    write(this.error, message);
    this.error.hidden = message === "";
    if (message !== "") control.setAttribute("aria-invalid", "true");
    else restore(control, "aria-invalid", this.before.get("aria-invalid"));
    const { offer } = found;
    this.offer.hidden = offer === undefined;
    if (offer !== undefined) write(this.offer, this.words("DidYouMean", offer, `Did you mean ${offer}?`));
    if (this.lines) this.list(found);
  }

  number({ rows = [], wrong = [], doubled = 0 }) {
    const good = rows.length - wrong.length - doubled;
    const words = [`${good} ${good === 1 ? "recipient" : "recipients"}`];
    if (doubled > 0) words.push(`${doubled} given twice`);
    if (wrong.length > 0) words.push(`${wrong.length} not valid`);
    write(this.count, this.words("Count", { good, doubled, wrong: wrong.length }, words.join(", ")));
  }

  list({ wrong = [] }) {
    const { control, lines } = this;
    const items = wrong.slice(0, LINES).map((row) => {
      const item = control.ownerDocument.createElement("li");
      item.value = row.line;
      item.textContent = `${row.raw.trim().slice(0, 80)}: ${localize(row.issue, this.options.messages)}`;
      return item;
    });
    lines.replaceChildren(...items);
    lines.hidden = items.length === 0;
  }

  /** Takes what is offered, as if it had been typed. */
  take() {
    const { control } = this;
    control.value = this.found.offer;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
    control.focus();
  }

  /** After a reset nothing has been said yet. */
  forget() {
    this.told = false;
    this.look();
    this.show({});
  }

  /** @type {import("../element.js").Attached["check"]} */
  check() {
    this.look();
    return this.control.validity.valid;
  }

  /** @type {import("../element.js").Attached["detach"]} */
  detach() {
    if (this.help === undefined) return;
    this.stop.abort();
    this.help.remove();
    for (const [name, value] of this.before) restore(this.control, name, value);
    this.control.setCustomValidity(this.said);
    this.help = undefined;
  }
}

/** A listener of the page, which must not keep what left the page. */
function weakly(attached) {
  const kept = new WeakRef(attached);
  return (event) => kept.deref()?.heard(event);
}

/** Says something that is new: the same again would be read out again. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function restore(control, name, value) {
  if (value === null) control.removeAttribute(name);
  else control.setAttribute(name, value);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
