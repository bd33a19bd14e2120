/** Addresses to share; they carry the token to watch, never the one that steers. */

import { byId, setText } from "../lib/dom.js";
import { pageUrl } from "../lib/urls.js";

const SAID_FOR_MS = 2000;

export class Share {
  #button = /** @type {HTMLButtonElement} */ (byId("copy-obs"));
  #label = this.#button.textContent;
  #obs = "";

  constructor() {
    this.#button.addEventListener("click", () => this.#give());
  }

  /** @param {string} token to watch; empty where the server wants none */
  set viewToken(token) {
    this.#obs = pageUrl("obs/source", token).href;
    this.#button.disabled = false;
    byId("watch").setAttribute("href", pageUrl("watch", token).href);
  }

  async #give() {
    if (!(await copy(this.#obs))) return offer(this.#obs);
    setText(this.#button, "Copied");
    setTimeout(() => setText(this.#button, this.#label), SAID_FOR_MS);
  }
}

/** @param {string} text */
async function copy(text) {
  // Browsers offer the clipboard only over https or on localhost, and may forbid it.
  return navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
}

/** @param {string} text to be copied by hand */
function offer(text) {
  const field = /** @type {HTMLInputElement} */ (byId("obs-url"));
  field.hidden = false;
  field.value = text;
  field.select();
}
