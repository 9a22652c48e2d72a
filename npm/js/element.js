// `rolecall/element`: controls that check what is entered. Nothing is defined on import.

import { attach } from "./element/attach.js";
import { misuse } from "./full/arguments.js";

export { attach };

const KINDS = { "rolecall-email": "email", "rolecall-role": "role", "rolecall-recipients": "recipients" };

/** @type {typeof import("./element.js").define} */
export function define(registry = globalThis.customElements) {
  if (registry === undefined) return;
  if (typeof registry?.define !== "function") throw misuse("define: registry must be a CustomElementRegistry");
  for (const [name, kind] of Object.entries(KINDS)) {
    if (registry.get(name) === undefined) registry.define(name, around(kind));
  }
}

/** An element that attaches to the control inside it, whenever that comes. */
function around(kind) {
  return class extends HTMLElement {
    static observedAttributes = ["service"];
    #attached;
    #control = null;
    #watch;
    #options = {};

    /** Roles, messages and whatever else `attach` takes. */
    get options() {
      return this.#options;
    }

    set options(options) {
      this.#options = { ...options };
      this.attributeChangedCallback();
    }

    get control() {
      const controls = [...this.querySelectorAll("input, select, textarea")];
      return controls.find(({ type }) => /^(text|email|search|tel|url|select)/.test(type)) ?? null;
    }

    check() {
      return this.#attached?.check() ?? this.control?.validity.valid ?? true;
    }

    connectedCallback() {
      this.#watch = new MutationObserver(() => this.#renew());
      this.#watch.observe(this, { childList: true, subtree: true });
      // set before the element was defined
      if (Object.hasOwn(this, "options")) {
        const { options } = this;
        delete this.options;
        this.options = options;
      }
      this.#renew();
    }

    disconnectedCallback() {
      this.#watch?.disconnect();
      this.#leave();
    }

    attributeChangedCallback() {
      this.#leave();
      this.#renew();
    }

    #leave() {
      this.#attached?.detach();
      this.#attached = undefined;
      this.#control = null;
    }

    #renew() {
      const { control } = this;
      // one with which it failed stays as it is, until there is another or there are other options
      if (!this.isConnected || control === this.#control) return;
      this.#leave();
      const service = this.getAttribute("service") ?? this.#options.service;
      // a role says nothing until it is known whose
      if (control === null || (kind === "role" && service === undefined)) return;
      this.#control = control;
      this.#attached = attach(control, { ...this.#options, service, kind });
      // what was built just now is no news
      this.#watch?.takeRecords();
    }
  };
}
