// What makes a native control one that checks what is entered. The control stays the form control:
// nothing here takes part in the form but `setCustomValidity`.

import { checkEmail } from "../email/check.js";
import * as read from "../full/arguments.js";
import { nobody, readRecipients } from "../full/recipients.js";
import { knownRoles, matchRole } from "../full/roles.js";
import { localize, worded } from "../schema.js";

/** At most so many errors of a list are spelled out; the count tells of the rest. */
const LINES = 10;

/** A longer text, in UTF-16 units, is looked at when the typing has stopped for so many milliseconds. */
const LONG = 50_000;
const PAUSE = 200;

/** Attributes that are changed while something is attached. */
const CHANGED = ["aria-invalid", "list"];

let ids = 0;

/** What is attached to a control: the last has it. */
const ATTACHED = new WeakMap();

/**
 * What is known of a value: an error, a better value to offer and what the control then has, notes, errors by line.
 */
const CHECKS = {
  email(value, _, { required }) {
    const { issue, suggestion, notices } = checkEmail(value);
    if (issue) return blank(issue, required) ?? { issue, offer: suggestion };
    return { offer: notices.find((notice) => notice.code === "Suggestion")?.suggestion };
  },
  role(value, { service, roles }, { required, options }) {
    const { issue } = matchRole(value, service, roles);
    const nearest = issue?.params.nearest;
    if (!nearest) return issue ? (blank(issue, required) ?? { issue }) : {};
    // a select has nothing but its options, whichever way they name a role
    const named = ({ value }) => matchRole(value, service, roles).role?.id === nearest.id;
    const take = options ? [...options].find(named)?.value : nearest.label;
    return { issue, offer: take && nearest.label, take };
  },
  recipients(value, { service, roles, ignoreCase }, { required }) {
    const { rows } = readRecipients(value, { service, roles, ignoreCase });
    const wrong = rows.filter((row) => row.issue);
    const doubled = rows.filter((row) => row.duplicateOf !== undefined).length;
    const none = required && rows.length === 0 ? nobody() : undefined;
    return { issue: wrong[0]?.issue ?? none, rows, wrong, doubled };
  },
};

/** Of blanks alone there is nothing to be said, unless something has to be there. */
const blank = ({ code }, required) => (code === "Empty" && !required ? {} : undefined);

const OPTIONS = {
  kind: (at, value) => read.choice(at, value, Object.keys(CHECKS)),
  service: read.service,
  roles: read.roles,
  ignoreCase: read.flag,
  messages: read.messages,
};

/** @type {typeof import("../element.js").attach} */
export function attach(control, given = {}) {
  if (!/^(input|select|textarea)$/.test(control?.localName)) {
    throw read.misuse("attach: control must be an input, a select or a textarea");
  }
  // told at once, not at the first letter
  const options = read.fields("attach: options", given, OPTIONS);
  const { kind = "email", messages } = options;
  if (kind === "role") read.needs("attach: options", options, "service");
  const document = control.ownerDocument;
  const id = `rolecall-${++ids}`;
  const make = (name, what, more) => Object.assign(document.createElement(name), { className: `rolecall-${what}`, ...more });
  const help = make("div", "help", { id });
  const error = make("p", "error", { hidden: true });
  const offer = make("button", "suggestion", { type: "button", hidden: true, onclick: take });
  const count = make("output", "count");
  const lines = make("ol", "lines", { hidden: true });
  // behind the label where the control stands in one: a button in a label would be clicked with it
  const place = control.closest("label") ?? control;
  const stop = new AbortController();

  /** Attributes that are changed here, as they were; nothing where nothing is attached. */
  let before;
  /** What the page itself had to say of the value. */
  let said;
  /** The value that was looked at, and what was found. */
  let seen;
  let found;
  /** Whether what is wrong is shown. */
  let told = false;
  /** Until when a long list is not looked at. */
  let waiting;

  // what an application writes anew loses what was added to it
  const watch = new MutationObserver(describe);

  try {
    // without WebAssembly nothing is attached at all
    const known = kind === "role" && knownRoles(options.service);
    if (kind === "recipients") readRecipients("");
    ATTACHED.get(control)?.detach();
    disown(control, place);
    before = Object.fromEntries(CHANGED.map((name) => [name, control.getAttribute(name)]));
    said = control.validity.customError ? control.validationMessage : "";
    build(known);
    listen();
    ATTACHED.set(control, { detach, heard });
    look();
  } catch (error) {
    detach();
    excuse(error);
  }
  return { control, check, detach };

  function build(known) {
    help.append(error, offer);
    if (kind === "recipients") help.append(count, lines);
    else help.setAttribute("aria-live", "polite");
    if (known && control.localName === "input" && !control.hasAttribute("list")) {
      const list = make("datalist", "roles", { id: `${id}-roles` });
      for (const role of options.roles ?? known) {
        const option = document.createElement("option");
        option.value = role.label ?? role.id;
        if (role.summary) option.label = role.summary;
        list.append(option);
      }
      help.append(list);
      control.setAttribute("list", list.id);
    }
    describe();
    watch.observe(control, { attributeFilter: ["aria-describedby"] });
    place.after(help);
  }

  /** Says that the sentences are about the control, beside what else is. */
  function describe() {
    const ids = describing(control);
    if (!ids.includes(id)) control.setAttribute("aria-describedby", [...ids, id].join(" "));
  }

  function listen() {
    const { signal } = stop;
    const on = (type, listener) => control.addEventListener(type, listener, { signal });
    const leave = () => control.value !== "" && tell();
    on("input", typed);
    on("change", tell);
    on("blur", leave);
    // what is offered must be there before the browser looks where to go
    on("keydown", ({ key }) => key === "Tab" && leave());
    on("invalid", (event) => {
      refresh();
      if (control.validity.valid) event.preventDefault();
      else tell();
    });
    // before anything else hears of it; the control may come into a form later
    const listener = around(control);
    for (const target of [document.defaultView, control.getRootNode()]) {
      for (const type of ["pageshow", "click", "submit", "reset"]) {
        target?.addEventListener(type, listener, { signal, capture: true });
      }
    }
  }

  /** What happens around the control. */
  function heard(event) {
    const { form } = control;
    const stale = refresh();
    if (event.target !== form) return;
    if (event.type === "reset") {
      // the values come back after the event
      setTimeout(() => event.defaultPrevented || forget());
    } else if (event.type === "submit" && stale && !form.noValidate && !event.submitter?.formNoValidate) {
      // the browser has let through what it knew; nobody shall hear of a submission that is none
      if (form.reportValidity()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  /** Looks at a value that no event told of: of a script, or from before the person went away. */
  function refresh() {
    const stale = control.value !== seen;
    if (stale) look();
    return stale;
  }

  /** Looks at what is typed; at a long list when the typing stops, or before it is submitted. */
  function typed() {
    clearTimeout(waiting);
    if (control.value.length > LONG) waiting = setTimeout(refresh, PAUSE);
    else look();
  }

  /** Looks at the value; what is wrong is told when the person is through with it. */
  function look() {
    if (before === undefined) return;
    seen = control.value;
    found = {};
    try {
      // an empty one is the business of `required`
      if (seen !== "") found = CHECKS[kind](seen, options, control);
    } catch (error) {
      detach();
      return excuse(error);
    }
    describe();
    control.setCustomValidity(sentence());
    if (kind === "recipients") number(found);
    if (told) show(found);
  }

  function sentence() {
    const { issue, wrong } = found;
    if (issue === undefined) return "";
    const message = localize(issue, messages);
    const line = wrong?.[0]?.line;
    return capital(line ? worded(messages, "Line", { line, message }, `line ${line}: ${message}`) : message);
  }

  /** Shows what is wrong, and goes on showing. */
  function tell() {
    told = true;
    refresh();
    show(found);
  }

  function show({ issue, offer: meant, wrong = [] }) {
    if (before === undefined) return;
    const message = issue ? control.validationMessage || sentence() : "";
    write(error, message);
    error.hidden = message === "";
    restore(control, "aria-invalid", message === "" ? before["aria-invalid"] : "true");
    offer.hidden = meant === undefined;
    if (meant !== undefined) write(offer, worded(messages, "DidYouMean", meant, `Did you mean ${meant}?`));
    const items = wrong.slice(0, LINES).map((row) => {
      const item = document.createElement("li");
      item.value = row.line;
      item.textContent = `${row.raw.trim().slice(0, 80)}: ${localize(row.issue, messages)}`;
      return item;
    });
    lines.replaceChildren(...items);
    lines.hidden = items.length === 0;
  }

  function number({ rows = [], wrong = [], doubled = 0 }) {
    const good = rows.length - wrong.length - doubled;
    const said = [`${good} ${good === 1 ? "recipient" : "recipients"}`];
    if (doubled > 0) said.push(`${doubled} given twice`);
    if (wrong.length > 0) said.push(`${wrong.length} not valid`);
    write(count, worded(messages, "Count", { good, doubled, wrong: wrong.length }, said.join(", ")));
  }

  /** Takes what is offered, as if it had been typed. */
  function take() {
    control.value = found.take ?? found.offer;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
    control.focus();
  }

  /** After a reset nothing has been said yet. */
  function forget() {
    told = false;
    look();
    show({});
  }

  function check() {
    look();
    return control.validity.valid;
  }

  function detach() {
    if (before === undefined) return;
    stop.abort();
    watch.disconnect();
    clearTimeout(waiting);
    undescribe(control, id);
    help.remove();
    for (const [name, value] of Object.entries(before)) restore(control, name, value);
    control.setCustomValidity(said);
    before = undefined;
  }
}

/** A listener of the page, which must not keep a control that left it. */
function around(control) {
  const kept = new WeakRef(control);
  return (event) => ATTACHED.get(kept.deref())?.heard(event);
}

/** A clone brings along what its original was given, and ids that lead there. */
function disown(control, place) {
  const id = describing(control).find((it) => /^rolecall-\d+$/.test(it));
  if (id === undefined) return;
  undescribe(control, id);
  control.removeAttribute("aria-invalid");
  if (control.getAttribute("list") === `${id}-roles`) control.removeAttribute("list");
  const help = place.nextElementSibling;
  if (help?.id === id) help.remove();
}

/** Ids of what describes a control. */
const describing = (control) => control.getAttribute("aria-describedby")?.match(/\S+/g) ?? [];

/** Takes away one of them, and leaves the others as they are. */
function undescribe(control, id) {
  const ids = describing(control);
  const others = ids.filter((it) => it !== id);
  if (others.length < ids.length) restore(control, "aria-describedby", others.join(" ") || null);
}

let excused = false;

/** A page whose policy forbids WebAssembly has plain controls, and is told once; browsers throw differently. */
function excuse(error) {
  if (globalThis.WebAssembly && !/^(Compile|Eval)Error$/.test(error?.name)) throw error;
  if (!excused) console.error("rolecall: nothing is checked without script-src 'wasm-unsafe-eval'", error);
  excused = true;
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
