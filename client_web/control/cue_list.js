/** The cues that were sent, newest first; press one to send it again. */

import { make, setText } from "../lib/dom.js";
import { colourOf, countdown, since } from "./format.js";
import { promptText } from "./prompt_text.js";

/** Events: `again` {text}. */
export class CueList extends EventTarget {
  #list;
  #empty;
  /** @type {Map<number, HTMLElement>} list items by cue */
  #items = new Map();
  #maySteer = true;

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} empty what is shown while there is none
   */
  constructor(list, empty) {
    super();
    this.#list = list;
    this.#empty = empty;
  }

  /** @param {boolean} allowed */
  set maySteer(allowed) {
    this.#maySteer = allowed;
    for (const button of this.#list.querySelectorAll("button")) button.disabled = !allowed;
  }

  /**
   * @param {import("./cue_book.js").Cue[]} cues newest first
   * @param {number} now_ms
   */
  render(cues, now_ms) {
    this.#empty.hidden = cues.length > 0;
    const known = new Set(cues.map((cue) => cue.cue));
    for (const [cue, item] of this.#items) if (!known.has(cue)) this.#drop(cue, item);
    cues.forEach((cue, i) => this.#place(this.#itemOf(cue), i));
    this.tick(cues, now_ms);
  }

  /**
   * Count on, without touching anything else.
   *
   * @param {import("./cue_book.js").Cue[]} cues
   * @param {number} now_ms
   */
  tick(cues, now_ms) {
    for (const cue of cues) {
      const item = this.#items.get(cue.cue);
      if (!item) continue;
      item.dataset.status = cue.status;
      setText(item.querySelector(".cue-status"), statusText(cue, now_ms));
    }
  }

  /** @param {import("./cue_book.js").Cue} cue */
  #itemOf(cue) {
    const item = this.#items.get(cue.cue) ?? this.#make(cue);
    const content = `${cue.text}\n${cue.understood?.join(" ")}`;
    if (item.dataset.content !== content) {
      item.dataset.content = content;
      item.querySelector(".cue-text").replaceChildren(...promptText(cue.text, cue.understood));
    }
    return item;
  }

  /** @param {import("./cue_book.js").Cue} cue */
  #make({ cue }) {
    const button = make(
      "button",
      { type: "button", title: "Send this again", disabled: !this.#maySteer },
      make("span", { className: "dot" }),
      make("span", { className: "cue-text" }),
      make("span", { className: "cue-status" }),
    );
    const item = make("li", {}, button);
    item.dataset.cue = String(cue);
    item.style.setProperty("--dot", colourOf(cue));
    button.addEventListener("click", () => {
      const text = item.querySelector(".cue-text").textContent;
      this.dispatchEvent(new CustomEvent("again", { detail: { text } }));
    });
    this.#items.set(cue, item);
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {number} i
   */
  #place(item, i) {
    // An item that is in its place already keeps the focus it may have.
    if (this.#list.children[i] !== item) this.#list.insertBefore(item, this.#list.children[i] ?? null);
  }

  /**
   * @param {number} cue
   * @param {HTMLElement} item
   */
  #drop(cue, item) {
    item.remove();
    this.#items.delete(cue);
  }
}

/**
 * @param {import("./cue_book.js").Cue} cue
 * @param {number} now_ms
 */
function statusText({ status, due_ms, onAir_ms }, now_ms) {
  if (status === "on_air") return "on air";
  if (status === "skipped") return "skipped";
  if (status === "waiting") return due_ms ? countdown(due_ms - now_ms) : "waiting";
  return onAir_ms ? since(now_ms - onAir_ms) : "past";
}
