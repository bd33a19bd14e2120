/** Prompt field: keeps what is typed until the server has taken it, and sends nothing twice. */

import { byId, setText, setTextOrHide } from "../lib/dom.js";
import { seconds } from "./format.js";
import { unknownWords } from "./prompt_text.js";

const PLACEHOLDER = "What comes next?";
const MOST_UNKNOWN = 5;

/**
 * @import { Draft, PromptHistory } from "./prompt_storage.js"
 * @typedef {{queue_s: number, latent_s: number, maxChars: number}} Pace what a model's numbers mean for a prompt
 * @typedef {(text: string, how: {transition: number, urgency: number}) => Promise<{understood?: string[] | null}>} Send
 */

export class Composer {
  #field = /** @type {HTMLTextAreaElement} */ (byId("prompt"));
  #blend = /** @type {HTMLInputElement} */ (byId("transition"));
  #hurry = /** @type {HTMLInputElement} */ (byId("hurry"));
  #send;
  #history;
  #draft;
  #maySteer = true;
  #isEngineRunning = true;
  #forgotten = "";
  /** @type {Set<string>} texts without an answer yet */
  #pending = new Set();
  /** @type {Pace} */
  #pace = { queue_s: 0, latent_s: 0, maxChars: 0 };

  /**
   * @param {Send} send
   * @param {PromptHistory} history
   * @param {Draft} draft
   */
  constructor(send, history, draft) {
    this.#send = send;
    this.#history = history;
    this.#draft = draft;
    byId("composer").addEventListener("submit", (event) => (event.preventDefault(), this.submit(this.#field.value)));
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));
    this.#field.addEventListener("input", () => this.#refresh());
    addEventListener("resize", () => this.#refresh());
    byId("composer").addEventListener("input", () => this.#keep());
    byId("forgotten-again").addEventListener("click", () => this.submit(this.#forgotten));
    for (const knob of [this.#blend, this.#hurry]) knob.addEventListener("input", () => this.#describe());
    this.#restore();
    this.#describe();
    this.#refresh();
  }

  /** @param {boolean} allowed */
  set maySteer(allowed) {
    this.#maySteer = allowed;
    for (const control of [this.#field, this.#blend, this.#hurry]) control.disabled = !allowed;
    this.#field.placeholder = allowed ? PLACEHOLDER : "This token can only watch.";
    this.#refresh();
  }

  /** @param {boolean} running prompts for an engine that is not wait for it */
  set isEngineRunning(running) {
    this.#isEngineRunning = running;
    this.#refresh();
  }

  /** @param {Pace} pace */
  set pace(pace) {
    this.#pace = pace;
    if (pace.maxChars) this.#field.maxLength = pace.maxChars;
    this.#describe();
  }

  focus() {
    this.#field.focus();
  }

  /** @param {string} words to stand behind what is there already */
  append(words) {
    const before = this.#field.value.trimEnd();
    this.#write(before ? `${before} ${words}` : words);
    this.focus();
  }

  /**
   * @param {string} raw
   * @returns {Promise<void>}
   */
  async submit(raw) {
    const text = raw.trim();
    if (!text) return this.focus();
    if (this.#pending.has(text)) return;
    this.#pending.add(text);
    this.#refresh();
    try {
      this.#onTaken(text, await this.#send(text, this.#how()));
    } catch (error) {
      this.#onRefused(text, /** @type {Error} */ (error));
    } finally {
      this.#pending.delete(text);
      this.#refresh();
    }
  }

  /** @param {string} message empty: all is well */
  complain(message) {
    setTextOrHide(byId("error"), message);
    if (message) byId("error").scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {string} text the newest prompt of before, which the server does not know any more; empty: nothing is forgotten
   * @param {boolean} isUnderway whether it has another already
   */
  offerAgain(text, isUnderway) {
    if (text) this.#forgotten = text;
    if (isUnderway || !this.#maySteer) this.#forgotten = "";
    byId("forgotten").hidden = !this.#forgotten;
    if (this.#forgotten)
      setText(byId("forgotten-text"), `The server has restarted without your last prompt: ${this.#forgotten}`);
  }

  /**
   * @param {string} text
   * @param {{understood?: string[] | null}} accepted
   */
  #onTaken(text, { understood = null }) {
    this.#history.add(text);
    this.complain("");
    this.#tellUnderstood(text, understood);
    if (this.#field.value.trim() === text) this.#write("");
  }

  /**
   * @param {string} text
   * @param {Error} error
   */
  #onRefused(text, error) {
    byId("heard").hidden = true;
    const isElsewhere = this.#field.value.trim() !== text;
    this.complain(isElsewhere ? `${error.message} Not sent: ${text}` : error.message);
    if (!this.#field.value.trim()) this.#write(text);
  }

  /**
   * @param {string} text
   * @param {string[] | null} understood
   */
  #tellUnderstood(text, understood) {
    const unknown = unknownWords(text, understood);
    const verdict = understood?.length ? "Not known to this model" : "This model knows none of these words";
    const rest = unknown.length > MOST_UNKNOWN ? ` and ${unknown.length - MOST_UNKNOWN} more` : "";
    const named = unknown.slice(0, MOST_UNKNOWN).join(", ");
    setTextOrHide(byId("heard"), unknown.length ? `${verdict}: ${named}${rest}.` : "");
  }

  #how() {
    return { transition: this.#blend.valueAsNumber, urgency: Number((1 - this.#hurry.valueAsNumber).toFixed(2)) };
  }

  /** @param {string} text */
  #write(text) {
    this.#field.value = text;
    this.#field.setSelectionRange(text.length, text.length);
    this.#keep();
    this.#refresh();
  }

  #keep() {
    this.#draft.keep({ text: this.#field.value, transition: this.#blend.value, hurry: this.#hurry.value });
  }

  #restore() {
    const { text = "", transition = "0", hurry = "0" } = this.#draft.kept;
    [this.#field.value, this.#blend.value, this.#hurry.value] = [text, transition, hurry];
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit(this.#field.value);
    } else if (event.key === "Escape") {
      this.#field.blur();
    } else if (event.key === "ArrowUp" && this.#isCaretAt(0)) {
      this.#recall(event, this.#history.older(this.#field.value));
    } else if (event.key === "ArrowDown" && this.#isCaretAt(this.#field.value.length)) {
      this.#recall(event, this.#history.newer());
    }
  }

  /** @param {number} edge of the text; in a single line every place is at the edge for an up or down key */
  #isCaretAt(edge) {
    const { selectionStart, selectionEnd } = this.#field;
    return this.#isOneLine || (selectionStart === edge && selectionEnd === edge);
  }

  get #isOneLine() {
    return this.#field.scrollHeight < 1.8 * parseFloat(getComputedStyle(this.#field).lineHeight) + 16;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string | undefined} text
   */
  #recall(event, text) {
    event.preventDefault();
    if (text !== undefined) this.#write(text);
  }

  #refresh() {
    const isPending = this.#pending.has(this.#field.value.trim());
    const send = /** @type {HTMLButtonElement} */ (byId("send"));
    send.disabled = isPending || !this.#maySteer || !this.#field.value.trim();
    const isHeld = this.#pending.size > 0 && !this.#isEngineRunning;
    setTextOrHide(byId("held"), isHeld ? "The engine is not running. The prompt waits until it is." : "");
    setText(send, isPending ? "Sending" : "Send");
    // After the button's text, because its width changes the field's.
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  #describe() {
    const { transition, urgency } = this.#how();
    const { latent_s, queue_s } = this.#pace;
    const span = latent_s ? seconds(transition * latent_s) : `${transition} steps`;
    this.#tell(this.#blend, transition ? `over ${span}` : "at once");
    this.#tell(this.#hurry, urgency < 1 ? `${Math.round((1 - urgency) * 100)} %` : "off");
    const wait = queue_s ? `, on screen in ${seconds(queue_s)}` : "";
    setText(
      byId("hurry-note"),
      urgency < 1 ? hurried(urgency) : `Only new frames follow the prompt: smoothest${wait}.`,
    );
  }

  /**
   * @param {HTMLInputElement} knob
   * @param {string} words what its value means, also for those who hear the page
   */
  #tell(knob, words) {
    setText(byId(`${knob.id}-value`), words);
    knob.setAttribute("aria-valuetext", words);
  }
}

/** @param {number} urgency */
function hurried(urgency) {
  if (urgency === 0) return "All queued frames switch to the prompt: fastest, but the picture may jump.";
  return `Queued frames with more than ${Math.round(urgency * 100)} % noise switch too: faster, less smooth.`;
}
