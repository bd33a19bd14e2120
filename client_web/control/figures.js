/** Frame rate and delay of the shown picture, from the browser's metadata of each frame. */

const SPAN_MS = 2000;

export class Figures {
  /** @type {{now: number, presented: number, buffered_ms: number}[]} */
  #frames = [];
  #roundTrip_ms = 0;

  /**
   * @param {number} now_ms
   * @param {{presentedFrames: number, expectedDisplayTime: number, receiveTime?: number}} metadata
   */
  frame(now_ms, { presentedFrames, expectedDisplayTime, receiveTime = NaN }) {
    const last = this.#frames.at(-1);
    if (last && presentedFrames <= last.presented) this.#frames = [];
    this.#frames.push({ now: now_ms, presented: presentedFrames, buffered_ms: expectedDisplayTime - receiveTime });
    this.#frames = this.#frames.filter((frame) => frame.now > now_ms - SPAN_MS);
  }

  /** @param {number} roundTrip_s */
  roundTrip(roundTrip_s) {
    this.#roundTrip_ms = roundTrip_s * 1000;
  }

  /**
   * @param {number} now_ms
   * @returns {number} frames per second over the last two seconds
   */
  fps(now_ms) {
    const frames = this.#frames.filter((frame) => frame.now > now_ms - SPAN_MS);
    const [first, last] = [frames[0], frames.at(-1)];
    if (!last || first === last) return 0;
    return ((last.presented - first.presented) / Math.max(1, last.now - first.now)) * 1000;
  }

  /** @returns {number} milliseconds from the server to the screen: half a round trip, then the browser; NaN if unknown */
  get delay_ms() {
    const known = this.#frames.map((frame) => frame.buffered_ms).filter(Number.isFinite);
    return known.reduce((sum, value) => sum + value, 0) / known.length + this.#roundTrip_ms / 2;
  }
}
