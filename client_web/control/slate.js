/** Slate in place of a missing picture, and banner over one that stands still. */

import { byId, setText, setTextOrHide } from "../lib/dom.js";
import { pageUrl } from "../lib/urls.js";

/**
 * @import { Progress } from "../lib/protocol.js"
 * @import { Status } from "./status.js"
 */

export class Slate {
  #progress = /** @type {HTMLProgressElement} */ (byId("slate-progress"));

  constructor() {
    byId("token-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (byId("token"));
      location.replace(pageUrl("", field.value.trim()));
      location.reload();
    });
  }

  /** @param {Status} status */
  render({ slate, banner, tone }) {
    byId("slate").hidden = !slate;
    byId("slate").dataset.tone = tone;
    byId("token-form").hidden = !slate?.wantsToken;
    setTextOrHide(byId("banner"), banner);
    if (!slate) return;
    setText(byId("slate-title"), slate.title);
    setText(byId("slate-detail"), slate.detail);
    this.#show(slate.progress);
  }

  /** @param {{width: number, height: number}} picture */
  fit({ width, height }) {
    const { style } = document.documentElement;
    style.setProperty("--aspect", `${width} / ${height}`);
    style.setProperty("--ratio", String(width / height));
  }

  /** @param {() => Promise<void>} play the browser wants a gesture first */
  offerPlay(play) {
    const button = byId("play");
    button.hidden = false;
    button.onclick = () => play().then(() => (button.hidden = true));
  }

  /** @param {Progress | null} progress */
  #show(progress) {
    this.#progress.hidden = !progress;
    if (!progress) return;
    const { done = 0, total = 0 } = progress;
    this.#progress.max = total || 1;
    if (total) this.#progress.value = done;
    else this.#progress.removeAttribute("value");
  }
}
