/** Words that the model knows, as chips; pressing one adds it to the prompt. */

import { byId, make, setText } from "../lib/dom.js";

const FEW = 24;

export class Vocabulary {
  #use;
  #shown = "";
  #isOpen = false;
  /** @type {string[]} */
  #words = [];
  #maySteer = true;

  /** @param {(word: string) => void} use */
  constructor(use) {
    this.#use = use;
    byId("chips-all").addEventListener("click", () => {
      this.#isOpen = !this.#isOpen;
      this.#draw();
    });
  }

  /**
   * @param {string[]} words
   * @param {boolean} maySteer
   */
  render(words, maySteer) {
    this.#maySteer = maySteer;
    const content = [maySteer, ...words].join("\n");
    if (content === this.#shown) return;
    this.#shown = content;
    this.#words = words;
    this.#draw();
  }

  #draw() {
    const words = this.#isOpen ? this.#words : this.#words.slice(0, FEW);
    byId("knows").hidden = !words.length;
    byId("chips").replaceChildren(...words.map((word) => make("li", {}, this.#chip(word))));
    const all = byId("chips-all");
    setText(all, this.#isOpen ? "Show fewer" : `Show all ${this.#words.length}`);
    all.hidden = this.#words.length <= FEW;
    all.setAttribute("aria-expanded", String(this.#isOpen));
  }

  /** @param {string} word */
  #chip(word) {
    const chip = make("button", { type: "button", textContent: word, title: `Add "${word}" to the prompt` });
    chip.disabled = !this.#maySteer;
    chip.addEventListener("click", () => this.#use(word));
    return chip;
  }
}
