/** The picture with its figures: joins the stream, shows it, and fills the screen when asked to. */

import { Screen } from "../lib/screen.js";
import { Figures } from "./figures.js";

/** Events: `connection` {state, reason} · `picture` {width, height} · `blocked` {play}. */
export class Player extends EventTarget {
  #whep;
  #place;
  #screen;
  #figures = new Figures();

  /**
   * @param {import("../lib/whep.js").WhepClient} whep
   * @param {HTMLElement} place that is shown in full screen
   * @param {HTMLElement} surface inside it, where the picture goes
   */
  constructor(whep, place, surface) {
    super();
    this.#whep = whep;
    this.#place = place;
    this.#screen = new Screen(surface);
    whep.addEventListener("stream", ({ detail }) => this.#screen.show(detail.stream, detail.release));
    whep.addEventListener("state", ({ detail }) => this.#tell("connection", detail));
    whep.addEventListener("report", ({ detail }) => this.#figures.roundTrip(detail.round_trip_s));
    this.#screen.addEventListener("frame", ({ detail }) => this.#figures.frame(detail.now, detail.metadata));
    for (const name of ["picture", "blocked"])
      this.#screen.addEventListener(name, ({ detail }) => this.#tell(name, detail));
    surface.addEventListener("dblclick", () => this.toggleFullscreen());
  }

  get figures() {
    return this.#figures;
  }

  get hasPicture() {
    return Boolean(this.#screen.video);
  }

  start() {
    this.#whep.start();
  }

  /** There is another server, or it is ready at last. */
  rejoin() {
    this.#whep.rejoin();
  }

  toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.#place.requestFullscreen) this.#place.requestFullscreen();
    // A telephone may fill its screen with a video only.
    else this.#screen.video?.webkitEnterFullscreen?.();
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
