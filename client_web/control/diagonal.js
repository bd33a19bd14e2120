/** Motion of the queue: where each slot is between two messages of the server. Uses neither a clock nor a canvas. */

const FOLLOW_MS = 120;
const SPEED_SPAN_MS = 1500;
const LONGEST_AHEAD_MS = 1000;
const JUMP_SLOTS = 24;
const STILL_AFTER_MS = 2500;

/**
 * @typedef {{latent: number, level: number, cue: number}} Slot level: 0 clean .. 1 pure noise
 * @typedef {{position: number, level: number, cue: number, latent: number}} Column position 0 is the head's place
 * @typedef {{at: number, head: number}} Head the latent at the head, and when the server said so
 */

export class Diagonal {
  /** @type {number[]} noise level by position, head first */
  #levels = [];
  /** @type {Map<number, number>} cue by latent, with a few that have left already */
  #cues = new Map();
  /** @type {Head[]} */
  #heads = [];
  #shown = 0;
  #shownAt = 0;

  get length() {
    return this.#levels.length;
  }

  /**
   * @param {Slot[]} slots head first
   * @param {number} now_ms
   */
  update(slots, now_ms) {
    if (!slots.length) return;
    const head = slots[0].latent;
    this.#levels = slots.map((slot) => slot.level);
    for (const slot of slots) this.#cues.set(slot.latent, slot.cue);
    for (const latent of this.#cues.keys()) if (latent < head - JUMP_SLOTS) this.#cues.delete(latent);
    if (this.#isJump(head)) this.#restart(slots, head, now_ms);
    this.#heads.push({ at: now_ms, head });
    while (this.#heads.length > 2 && this.#heads[0].at < now_ms - SPEED_SPAN_MS) this.#heads.shift();
  }

  /**
   * @param {number} now_ms
   * @returns {boolean} whether anything moves
   */
  isMoving(now_ms) {
    const last = this.#heads.at(-1);
    if (!last || now_ms - last.at >= STILL_AFTER_MS) return false;
    return this.#speed > 0 || Math.abs(last.head - this.#shown) > 0.01;
  }

  /**
   * @param {number} now_ms
   * @param {{smooth?: boolean}} [how] not smooth: as the last message said
   * @returns {Column[]} head first, with one that is leaving in front
   */
  columns(now_ms, { smooth = true } = {}) {
    const last = this.#heads.at(-1);
    if (!last) return [];
    this.#shown = smooth ? this.#follow(last, now_ms) : last.head;
    this.#shownAt = now_ms;
    const first = Math.floor(this.#shown);
    return Array.from({ length: this.length + 1 }, (_, i) => first + i).map((latent) => ({
      latent,
      position: latent - this.#shown,
      level: this.#levelAt(latent - this.#shown),
      cue: this.#cueOf(latent),
    }));
  }

  /** @returns {number} slots per millisecond */
  get #speed() {
    const [first, last] = [this.#heads[0], this.#heads.at(-1)];
    return last && last.at > first.at ? (last.head - first.head) / (last.at - first.at) : 0;
  }

  /**
   * @param {Head} last
   * @param {number} now_ms
   */
  #follow(last, now_ms) {
    const ahead_ms = Math.min(now_ms - last.at, LONGEST_AHEAD_MS);
    const target = last.head + this.#speed * ahead_ms;
    const step_ms = now_ms - this.#shownAt;
    const eased = target + (this.#shown - target) * Math.exp(-step_ms / FOLLOW_MS);
    return Math.max(this.#shown, eased);
  }

  /** @param {number} head */
  #isJump(head) {
    const last = this.#heads.at(-1);
    return !last || head < last.head || head - this.#shown > JUMP_SLOTS;
  }

  /**
   * @param {Slot[]} slots
   * @param {number} head
   * @param {number} now_ms
   */
  #restart(slots, head, now_ms) {
    this.#heads = [];
    this.#cues = new Map(slots.map((slot) => [slot.latent, slot.cue]));
    this.#shown = head;
    this.#shownAt = now_ms;
  }

  /** @param {number} position between two places the level lies between theirs; in front of the head it goes to clean */
  #levelAt(position) {
    const at = (/** @type {number} */ i) => (i < 0 ? 0 : this.#levels[Math.min(i, this.length - 1)]);
    const below = Math.floor(position);
    return at(below) + (at(below + 1) - at(below)) * (position - below);
  }

  /** @param {number} latent one that no message has named yet is under the newest cue */
  #cueOf(latent) {
    return this.#cues.get(latent) ?? this.#cues.get(Math.max(...this.#cues.keys())) ?? 0;
  }
}
