/** Delays between tries: doubling, with jitter so that viewers do not all come back at the same instant. */

const FIRST_S = 0.5;
export const LONGEST_S = 10;

export class Backoff {
  #longest_s;
  #random;
  #tries = 0;

  /**
   * @param {number} [longest_s]
   * @param {() => number} [random] in 0..1
   */
  constructor(longest_s = LONGEST_S, random = Math.random) {
    this.#longest_s = longest_s;
    this.#random = random;
  }

  /**
   * @param {number} [atLeast_s] what the server asked for (Retry-After)
   * @returns {number} seconds until the next try
   */
  next(atLeast_s = 0) {
    const ceiling_s = Math.min(this.#longest_s, FIRST_S * 2 ** this.#tries++);
    const wait_s = Math.max(FIRST_S, ceiling_s * (0.5 + 0.5 * this.#random()));
    return Math.max(wait_s, atLeast_s);
  }

  /** Start again with the shortest wait. */
  reset() {
    this.#tries = 0;
  }
}
