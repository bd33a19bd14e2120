/** What is around the stage: keys that work everywhere, and addresses to take elsewhere. */

import { byId, say } from "./dom.js";

const SAID_FOR_MS = 2000;

/** @param {Record<string, () => void>} actions by key; none while someone types */
export function bindKeys(actions) {
  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  });
}

/**
 * @param {URL} obs the browser source's address
 * @param {URL} watch the bare viewer's
 */
export function bindSharing(obs, watch) {
  byId("watch").setAttribute("href", watch.href);
  const button = byId("copy-obs");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    if (!(await copy(obs.href))) return offer(obs.href);
    say(button, "Copied");
    setTimeout(() => say(button, label), SAID_FOR_MS);
  });
}

/** @param {string} text */
async function copy(text) {
  // There is no clipboard on plain http, except on this machine; and a browser may forbid it.
  return navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
}

/** @param {string} text to be copied by hand */
function offer(text) {
  const field = /** @type {HTMLInputElement} */ (byId("obs-url"));
  field.hidden = false;
  field.value = text;
  field.select();
}
