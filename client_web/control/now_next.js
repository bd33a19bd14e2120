/** Prompts on air and next, with a countdown; screen readers hear each change once. */

import { byId, setText, setTextOrHide } from "../lib/dom.js";
import { colourOf, countdown, seconds } from "./format.js";
import { promptText } from "./prompt_text.js";

/** @import { Cue, CueBook } from "./cue_book.js" */

export class NowNext {
  #shown = "";
  #announced = new Set();
  #onAir = -1;

  /**
   * @param {CueBook} book
   * @param {number} now_ms
   */
  render(book, now_ms) {
    const { onAir, next } = book;
    const content = [onAir?.cue, onAir?.text, next?.cue, next?.text, onAir?.understood, next?.understood].join("\n");
    if (content !== this.#shown) this.#write(onAir, next);
    this.#shown = content;
    this.#announce(onAir, next, now_ms);
    this.tick(book, now_ms);
  }

  /**
   * @param {CueBook} book
   * @param {number} now_ms
   */
  tick({ next }, now_ms) {
    if (next) setText(byId("countdown"), next.due_ms ? countdown(next.due_ms - now_ms) : "waiting");
  }

  /**
   * @param {Cue | undefined} onAir
   * @param {Cue | undefined} next
   */
  #write(onAir, next) {
    byId("next").classList.toggle("waiting", Boolean(next));
    if (onAir) this.#put("now", onAir);
    if (next) return this.#put("next", next);
    setText(byId("next-text"), "nothing yet");
    setTextOrHide(byId("countdown"), "");
  }

  /**
   * @param {"now" | "next"} place
   * @param {import("./cue_book.js").Cue} cue
   */
  #put(place, { cue, text, understood }) {
    byId(`${place}-text`).replaceChildren(...promptText(text || `Cue ${cue}`, understood));
    document.documentElement.style.setProperty(`--${place}`, colourOf(cue));
  }

  /**
   * @param {Cue | undefined} onAir
   * @param {Cue | undefined} next
   * @param {number} now_ms
   */
  #announce(onAir, next, now_ms) {
    if (onAir && onAir.cue !== this.#onAir) setText(byId("announcer"), `On air: ${onAir.text}`);
    this.#onAir = onAir?.cue ?? -1;
    if (!next?.due_ms || this.#announced.has(next.cue)) return;
    this.#announced.add(next.cue);
    setText(byId("announcer"), `On screen in ${seconds(Math.max(0, next.due_ms - now_ms) / 1000)}: ${next.text}`);
  }
}
