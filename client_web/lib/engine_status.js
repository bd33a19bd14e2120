/** Status texts of the engine, and a line that shows them over a stream without a picture (`slate=1`). */

import { setTextOrHide } from "./dom.js";
import { serverUrl } from "./urls.js";

const ASK_EVERY_MS = 1000;
const ANSWER_TIMEOUT_MS = 4000;

/**
 * Texts for the states in which no new frames are made.
 *
 * @type {Record<string, string>}
 */
export const ENGINE_TEXTS = {
  starting: "Starting the engine",
  loading: "Loading the model",
  warming: "Filling the queue from noise",
  restarting: "Restarting the engine",
  stalled: "The engine does not respond",
  stopped: "The engine has stopped",
  failed: "The engine has failed",
};

/** @param {HTMLElement} place that is hidden while there is nothing to say */
export async function showEngineStatus(place) {
  for (;;) {
    setTextOrHide(place, await statusText());
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/** @returns {Promise<string>} empty: all is well */
async function statusText() {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { ready, engine, message } = await (await fetch(serverUrl("readyz"), { cache: "no-store", signal })).json();
    if (ready) return "";
    const title = ENGINE_TEXTS[engine] ?? "Waiting for the first picture";
    return message ? `${title}. ${message}` : `${title}.`;
  } catch {
    return "The server does not answer.";
  }
}
