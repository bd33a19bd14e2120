/** Stall detector: gives a connection up, but never while it comes closer to a picture. The clock comes from outside. */

/**
 * Seconds until a connection is given up. `silence_s`: no sign of life after pictures were shown; `join_s`: none before.
 * `freeze_s`: signs of life, but no new picture. `decode_s`: the stream arrives, but no first picture is decoded.
 *
 * @typedef {{silence_s: number, join_s: number, freeze_s: number, decode_s: number}} Limits
 */

/** @type {Limits} ICE checks come every few seconds, and some may be lost. */
export const LIMITS = { silence_s: 5, join_s: 15, freeze_s: 20, decode_s: 60 };

const FRESH_MS = 1000;

export class StallDetector {
  #limits;
  #seen = { decoded: 0, packets: 0, signs: 0 };
  #frame_ms;
  #sign_ms;
  /** When the stream itself began to arrive. */
  #stream_ms = NaN;

  /**
   * @param {number} now_ms
   * @param {Partial<Limits>} [limits]
   */
  constructor(now_ms, limits = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#frame_ms = this.#sign_ms = now_ms;
  }

  /** Whether there was a picture at all. */
  get hasPicture() {
    return this.#seen.decoded > 0;
  }

  /** @param {number} now_ms */
  isFresh(now_ms) {
    return this.hasPicture && now_ms - this.#frame_ms < FRESH_MS;
  }

  /**
   * @param {{decoded: number, packets: number, signs: number}} report numbers that grow
   * @param {number} now_ms
   * @returns {string} why to give up; empty: there is hope
   */
  judge({ decoded, packets, signs }, now_ms) {
    const before = this.#seen;
    this.#seen = { decoded, packets, signs };
    if (decoded > before.decoded) this.#frame_ms = now_ms;
    if (packets && !before.packets) this.#stream_ms = now_ms;
    if (signs > before.signs || packets > before.packets || decoded > before.decoded) this.#sign_ms = now_ms;
    return this.hasPicture ? this.#judgeShown(now_ms) : this.#judgeJoining(now_ms);
  }

  /** @param {number} now_ms */
  #judgeShown(now_ms) {
    const { silence_s, freeze_s } = this.#limits;
    if (now_ms - this.#sign_ms > silence_s * 1000) return `No data for ${silence_s} seconds.`;
    if (now_ms - this.#frame_ms > freeze_s * 1000) return `No picture for ${freeze_s} seconds.`;
    return "";
  }

  /** @param {number} now_ms */
  #judgeJoining(now_ms) {
    const { join_s, decode_s } = this.#limits;
    if (now_ms - this.#sign_ms > join_s * 1000) return `No data for ${join_s} seconds. UDP may be blocked.`;
    if (now_ms - this.#stream_ms > decode_s * 1000)
      return `The stream arrives, but this browser has decoded no picture for ${decode_s} seconds.`;
    return "";
  }
}
