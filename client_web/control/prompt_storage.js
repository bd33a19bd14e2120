/** Prompts that the browser keeps: the history for the arrow keys, and the draft in the field. */

const HISTORY_KEY = "fifo-live.prompts";
const DRAFT_KEY = "fifo-live.draft";
const MAX_PROMPTS = 100;

export class PromptHistory {
  #storage;
  /** @type {string[]} oldest first */
  #prompts;
  #place;
  #draft = "";

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
    this.#prompts = stored(storage);
    this.#place = this.#prompts.length;
  }

  /** @param {string} text */
  add(text) {
    this.#prompts = [...this.#prompts.filter((prompt) => prompt !== text), text].slice(-MAX_PROMPTS);
    this.#place = this.#prompts.length;
    this.#draft = "";
    store(this.#storage, this.#prompts);
  }

  /**
   * @param {string} current what the field holds now; kept, and found again at the newest end
   * @returns {string | undefined}
   */
  older(current) {
    if (this.#place === this.#prompts.length) this.#draft = current;
    return this.#place > 0 ? this.#prompts[--this.#place] : undefined;
  }

  /** @returns {string | undefined} */
  newer() {
    if (this.#place === this.#prompts.length) return undefined;
    return ++this.#place === this.#prompts.length ? this.#draft : this.#prompts[this.#place];
  }
}

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
      this.#storage.setItem(DRAFT_KEY, JSON.stringify(words));
    } catch {
      // The storage is full: the draft is lost on a reload.
    }
  }

  /** @returns {Partial<Words>} what was kept, and is text */
  get kept() {
    try {
      const kept = Object(JSON.parse(this.#storage.getItem(DRAFT_KEY) ?? "{}"));
      return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === "string"));
    } catch {
      return {};
    }
  }
}

/**
 * @param {() => Storage} [storage]
 * @returns {Storage} the browser's, or one that keeps nothing where the browser does not let pages have one
 */
export function browserStorage(storage = () => localStorage) {
  try {
    return storage();
  } catch {
    return /** @type {Storage} */ (/** @type {unknown} */ ({ getItem: () => null, setItem: () => {} }));
  }
}

/**
 * @param {Storage} storage
 * @param {string[]} prompts
 */
function store(storage, prompts) {
  try {
    storage.setItem(HISTORY_KEY, JSON.stringify(prompts));
  } catch {
    // The storage is full: the history lasts as long as the page is open.
  }
}

/** @param {Storage} storage which anything on this origin may have written to */
function stored(storage) {
  try {
    const prompts = JSON.parse(storage.getItem(HISTORY_KEY) ?? "[]");
    return Array.isArray(prompts) ? prompts.filter((prompt) => typeof prompt === "string").slice(-MAX_PROMPTS) : [];
  } catch {
    return [];
  }
}
