/** What stands where the picture should be, and the line over a picture that stands still. */

import { byId, setText, setTextOrHide } from "../lib/dom.js";
import { pageUrl } from "../lib/urls.js";

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

  /** @param {import("./status.js").Status} status */
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

  /** @param {{done: number, total: number} | null} progress */
  #show(progress) {
    this.#progress.hidden = !progress;
    if (!progress) return;
    this.#progress.max = progress.total || 1;
    if (progress.total) this.#progress.value = progress.done;
    else this.#progress.removeAttribute("value");
  }
}
