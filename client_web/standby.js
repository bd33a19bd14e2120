/** Words about the server over a stream that is not there or stands still, for an audience that asked for them (`slate=1`). */

import { serverUrl } from "./address.js";
import { sayOrHide } from "./dom.js";
import { ENGINE_WORDS } from "./engine_words.js";

const ASK_EVERY_MS = 1000;
const ANSWER_TIMEOUT_MS = 4000;

/** @param {HTMLElement} place that is hidden while there is nothing to say */
export async function tellStandby(place) {
  for (;;) {
    sayOrHide(place, await words());
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/** @returns {Promise<string>} empty: all is well */
async function words() {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const { ready, engine, message } = await (await fetch(serverUrl("readyz"), { cache: "no-store", signal })).json();
    if (ready) return "";
    const title = ENGINE_WORDS[engine] ?? "Waiting for the first picture";
    return message ? `${title}. ${message}` : `${title}.`;
  } catch {
    return "The server does not answer.";
  }
}
