/** List of cues, newest first; pressing one sends it again. */

import { make, setText } from "../lib/dom.js";
import { Emitter } from "../lib/emitter.js";
import { colourOf, countdown, since } from "./format.js";
import { promptText } from "./prompt_text.js";

/**
 * @import { Cue } from "./cue_book.js"
 * @typedef {{row: HTMLElement, text: HTMLElement, status: HTMLElement, content: string}} Item
 */

/** @extends {Emitter<{again: {text: string}}>} */
export class CueList extends Emitter {
  #list;
  #empty;
  /** @type {Map<number, Item>} by cue */
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
   * @param {Cue[]} cues newest first
   * @param {number} now_ms
   */
  render(cues, now_ms) {
    this.#empty.hidden = cues.length > 0;
    const known = new Set(cues.map((cue) => cue.cue));
    for (const [cue, { row }] of this.#items) if (!known.has(cue)) this.#drop(cue, row);
    cues.forEach((cue, i) => this.#place(this.#itemOf(cue).row, i));
    this.tick(cues, now_ms);
  }

  /**
   * Update the states and countdowns only.
   *
   * @param {Cue[]} cues
   * @param {number} now_ms
   */
  tick(cues, now_ms) {
    for (const cue of cues) {
      const item = this.#items.get(cue.cue);
      if (!item) continue;
      item.row.dataset.status = cue.status;
      setText(item.status, statusText(cue, now_ms));
    }
  }

  /** @param {Cue} cue */
  #itemOf(cue) {
    const item = this.#items.get(cue.cue) ?? this.#make(cue);
    const content = `${cue.text}\n${cue.understood?.join(" ")}`;
    if (item.content !== content) item.text.replaceChildren(...promptText(cue.text, cue.understood));
    item.content = content;
    return item;
  }

  /**
   * @param {Cue} cue
   * @returns {Item}
   */
  #make({ cue }) {
    const text = make("span", { className: "cue-text" });
    const status = make("span", { className: "cue-status" });
    const properties = { type: /** @type {const} */ ("button"), title: "Send this again", disabled: !this.#maySteer };
    const button = make("button", properties, make("span", { className: "dot" }), text, status);
    const row = make("li", {}, button);
    row.dataset.cue = String(cue);
    row.style.setProperty("--dot", colourOf(cue));
    button.addEventListener("click", () => this.emit("again", { text: text.textContent ?? "" }));
    const item = { row, text, status, content: "" };
    this.#items.set(cue, item);
    return item;
  }

  /**
   * @param {HTMLElement} row
   * @param {number} i
   */
  #place(row, i) {
    // A row that is in its place already keeps the focus it may have.
    if (this.#list.children[i] !== row) this.#list.insertBefore(row, this.#list.children[i] ?? null);
  }

  /**
   * @param {number} cue
   * @param {HTMLElement} row
   */
  #drop(cue, row) {
    row.remove();
    this.#items.delete(cue);
  }
}

/**
 * @param {Cue} cue
 * @param {number} now_ms
 */
function statusText({ status, due_ms, onAir_ms }, now_ms) {
  if (status === "on_air") return "on air";
  if (status === "skipped") return "skipped";
  if (status === "waiting") return due_ms ? countdown(due_ms - now_ms) : "waiting";
  return onAir_ms ? since(now_ms - onAir_ms) : "past";
}
