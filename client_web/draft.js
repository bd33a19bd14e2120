/** What is being written and how it is to be sent; kept by the browser through a reload of the page. */

const KEY = "fifo-live.draft";

/** @typedef {{text: string, transition: string, hurry: string}} Words */

export class Draft {
  #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {Words} words */
  keep(words) {
    try {
      this.#storage.setItem(KEY, JSON.stringify(words));
    } catch {
      // It is full; only a reload would have needed it.
    }
  }

  /** @returns {Partial<Words>} what was kept, and is text */
  get kept() {
    try {
      const kept = Object(JSON.parse(this.#storage.getItem(KEY) ?? "{}"));
      return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"));
    } catch {
      return {};
    }
  }
}
