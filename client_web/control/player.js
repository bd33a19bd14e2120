/** Player: joins the stream, shows it with its figures, and fills the screen on request. */

import { Emitter } from "../lib/emitter.js";
import { Screen } from "../lib/screen.js";
import { Figures } from "./figures.js";

/**
 * @import { ScreenEvents } from "../lib/screen.js"
 * @import { WhepClient, WhepConnection } from "../lib/whep.js"
 */

/** @extends {Emitter<{connection: WhepConnection, picture: ScreenEvents["picture"], blocked: ScreenEvents["blocked"]}>} */
export class Player extends Emitter {
  #whep;
  #place;
  #screen;
  #figures = new Figures();

  /**
   * @param {WhepClient} whep
   * @param {HTMLElement} place that is shown in full screen
   * @param {HTMLElement} surface inside it, where the picture goes
   */
  constructor(whep, place, surface) {
    super();
    this.#whep = whep;
    this.#place = place;
    this.#screen = new Screen(surface);
    whep.on("stream", ({ stream, release }) => this.#screen.show(stream, release));
    whep.on("state", (connection) => this.emit("connection", connection));
    whep.on("report", ({ round_trip_s }) => this.#figures.roundTrip(round_trip_s));
    this.#screen.on("frame", ({ now, metadata }) => this.#figures.frame(now, metadata));
    this.#screen.on("picture", (size) => this.emit("picture", size));
    this.#screen.on("blocked", (how) => this.emit("blocked", how));
    surface.addEventListener("dblclick", () => this.toggleFullscreen());
  }

  get figures() {
    return this.#figures;
  }

  start() {
    this.#whep.start();
  }

  /** Join at once, because the server may be another one or has become ready. */
  rejoin() {
    this.#whep.rejoin();
  }

  toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.#place.requestFullscreen) this.#place.requestFullscreen();
    // Safari on iPhones shows only videos in full screen.
    else /** @type {any} */ (this.#screen.video)?.webkitEnterFullscreen?.();
  }
}
