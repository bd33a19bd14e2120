/** Controls of the engine: pause, cut, guidance and seed. */

import { byId, setText } from "../lib/dom.js";

/** @import { ControlClient } from "../lib/control_client.js" */

export class EnginePanel {
  #control;
  #complain;
  #isPaused = false;
  #isReady = false;
  #isConnected = false;
  #pause = /** @type {HTMLButtonElement} */ (byId("pause"));
  #cut = /** @type {HTMLButtonElement} */ (byId("cut"));
  #guidance = /** @type {HTMLInputElement} */ (byId("guidance"));
  #seed = /** @type {HTMLInputElement} */ (byId("seed"));
  #dice = /** @type {HTMLButtonElement} */ (byId("dice"));

  /**
   * @param {ControlClient} control
   * @param {(message: string) => void} complain
   */
  constructor(control, complain) {
    this.#control = control;
    this.#complain = complain;
    this.#pause.addEventListener("click", () => this.togglePause());
    this.#cut.addEventListener("click", () => this.#run(this.#cut, () => control.cut()));
    this.#guidance.addEventListener("change", () => this.#set("guidance", this.#guidance));
    this.#seed.addEventListener("change", () => this.#set("seed", this.#seed));
    this.#dice.addEventListener("click", () => {
      this.#seed.value = String(Math.floor(Math.random() * 2 ** 31));
      this.#set("seed", this.#seed);
    });
  }

  /**
   * @param {{
   *   isReady: boolean, isPaused: boolean, maySteer: boolean, supportsGuidance: boolean, guidance: number, seed: number,
   * }} settings
   */
  render({ isReady, isPaused, maySteer, supportsGuidance, guidance, seed }) {
    this.#isPaused = isPaused;
    this.#isReady = isReady;
    this.#enable();
    setText(this.#pause, isPaused ? "Resume" : "Pause");
    for (const control of [this.#guidance, this.#seed, this.#dice]) control.disabled = !maySteer;
    byId("guidance-knob").hidden = !supportsGuidance;
    show(this.#guidance, guidance);
    show(this.#seed, seed);
  }

  /** @param {boolean} connected whether there is somebody to ask */
  set isConnected(connected) {
    this.#isConnected = connected;
    this.#enable();
  }

  togglePause() {
    if (this.#pause.disabled) return;
    this.#run(this.#pause, () => (this.#isPaused ? this.#control.resume() : this.#control.pause()));
  }

  #enable() {
    this.#pause.disabled = this.#cut.disabled = !this.#isReady || !this.#isConnected;
  }

  /**
   * @param {"guidance" | "seed"} name
   * @param {HTMLInputElement} field
   */
  #set(name, field) {
    if (field.value === "") return;
    if (!field.checkValidity())
      return this.#complain(`${name === "seed" ? "The seed" : "Guidance"}: ${field.validationMessage}`);
    this.#run(field, () => this.#control.set({ [name]: field.valueAsNumber }));
  }

  /**
   * @param {HTMLButtonElement | HTMLInputElement} source which rests until there is an answer
   * @param {() => Promise<object>} request
   */
  async #run(source, request) {
    source.setAttribute("aria-busy", "true");
    try {
      await request();
      this.#complain("");
    } catch (error) {
      this.#complain(/** @type {Error} */ (error).message);
    } finally {
      source.removeAttribute("aria-busy");
    }
  }
}

/**
 * @param {HTMLInputElement} field that someone may be typing into
 * @param {number | undefined} value
 */
function show(field, value) {
  if (document.activeElement !== field && value !== undefined) field.value = String(value);
}
