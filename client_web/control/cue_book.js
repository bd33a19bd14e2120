/** Cues that this page knows of, in order, each waiting, on air, past or skipped. Uses neither a clock nor the DOM. */

const MOST = 200;

/**
 * @typedef {{
 *   cue: number, text: string, status: "waiting" | "on_air" | "past" | "skipped",
 *   due_ms: number, onAir_ms: number, visibleFrame: number,
 *   start: number, transition: number, understood: string[] | null, isDropped: boolean,
 * }} Cue
 */

export class CueBook {
  /** @type {Map<number, Cue>} */
  #cues = new Map();
  #onAir = -1;

  /** @returns {Cue[]} newest first */
  get newestFirst() {
    return [...this.#cues.values()].sort((a, b) => b.cue - a.cue);
  }

  /** @returns {Cue | undefined} */
  get onAir() {
    return this.#cues.get(this.#onAir);
  }

  /** @returns {Cue | undefined} the waiting one that will be seen first */
  get next() {
    return this.newestFirst.filter((cue) => cue.status === "waiting").at(-1);
  }

  /** @param {number} cue */
  find(cue) {
    return this.#cues.get(cue);
  }

  /**
   * Add a cue, or update the named fields of a known one.
   *
   * @param {Partial<Cue> & {cue: number}} known
   */
  put(known) {
    const before = this.#cues.get(known.cue) ?? blank(known.cue);
    const after = { ...before, ...defined(known) };
    this.#cues.set(known.cue, after);
    if (this.#cues.size > MOST) this.#cues.delete(Math.min(...this.#cues.keys()));
    this.#judge();
  }

  /**
   * Put a cue on air; those before it are past.
   *
   * @param {number} number
   * @param {number} now_ms
   */
  goOnAir(number, now_ms) {
    if (number === this.#onAir) return;
    this.#onAir = number;
    this.#judge();
    const cue = this.#cues.get(number);
    if (cue && !cue.onAir_ms) cue.onAir_ms = now_ms;
  }

  /**
   * Take over all cues of the server. Those that it does not know, or knows with another text, are of an earlier stream and go.
   *
   * @param {(Partial<Cue> & {cue: number})[]} cues
   * @param {number | null} onAir
   * @param {number} now_ms
   * @returns {Cue | undefined} the newest cue of before, if the server has forgotten even that: it is another server
   */
  replace(cues, onAir, now_ms) {
    const texts = new Map(cues.map(({ cue, text }) => [cue, text]));
    const [newest] = this.newestFirst;
    for (const { cue, text } of this.newestFirst) if (texts.get(cue) !== text) this.#cues.delete(cue);
    for (const cue of cues) this.put(cue);
    this.goOnAir(onAir ?? -1, now_ms);
    return newest && texts.get(newest.cue) !== newest.text ? newest : undefined;
  }

  /** A cue that would be visible no earlier than a newer one, as after a cut, is skipped. */
  #judge() {
    let soonest = Infinity;
    for (const cue of this.newestFirst) {
      cue.status = this.#statusOf(cue);
      const isOvertaken = cue.isDropped || (cue.visibleFrame && cue.visibleFrame >= soonest);
      if (cue.status === "waiting" && isOvertaken) cue.status = "skipped";
      if (cue.visibleFrame) soonest = Math.min(soonest, cue.visibleFrame);
    }
  }

  /** @param {Cue} cue */
  #statusOf({ cue }) {
    if (cue === this.#onAir) return "on_air";
    return cue < this.#onAir ? "past" : "waiting";
  }
}

/**
 * @param {number} cue
 * @returns {Cue}
 */
function blank(cue) {
  return {
    cue,
    text: "",
    status: "waiting",
    due_ms: 0,
    onAir_ms: 0,
    visibleFrame: 0,
    start: 0,
    transition: 0,
    understood: null,
    isDropped: false,
  };
}

/** @param {object} fields */
function defined(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
