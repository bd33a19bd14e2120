/** Browser source of OBS: shows the picture, nothing else, and asks for nothing. Runs in Chromium 103 and later. */

import { showEngineStatus } from "../web/lib/engine_status.js";
import { Screen } from "../web/lib/screen.js";
import { byId } from "../web/lib/dom.js";
import { pageToken, serverUrl } from "../web/lib/urls.js";
import { WhepClient } from "../web/lib/whep.js";
import { optionsOf } from "./options.js";

const options = optionsOf(new URLSearchParams(location.search));
const { codec, longestRetry_s } = options;
const whep = new WhepClient(serverUrl("whep"), { token: pageToken(), codec, longestRetry_s });
const screen = new Screen(byId("screen"), { muted: options.muted });
const style = document.documentElement.style;
/** The state of this source in OBS. */
const seen = { visible: true, active: true };
/** Time after the first frame until the picture is surely painted. */
const SETTLE_MS = 500;
let hasPicture = false;

style.setProperty("--fit", options.fit);
style.setProperty("--fade", `${options.fade_ms}ms`);
if (options.background) style.background = options.background;

whep.on("stream", ({ stream, release }) => screen.show(stream, release));
whep.on("state", tell);
whep.on("report", (report) => tell({ state: whep.state, ...report }));
screen.on("picture", () => setTimeout(onFaded, options.fade_ms + SETTLE_MS));
addEventListener("obsSourceVisibleChanged", (event) => onSeen({ visible: detailOf(event).visible }));
addEventListener("obsSourceActiveChanged", (event) => onSeen({ active: detailOf(event).active }));
addEventListener("message", ({ source, data }) => {
  if (source === parent && parent !== window && data?.fifoLive === "seen") onSeen(data.seen);
});
whep.start();
if (options.slate) showEngineStatus(byId("slate"));

/** @param {Event} event an event that OBS sends to the page */
function detailOf(event) {
  return /** @type {CustomEvent} */ (event).detail;
}

/** @param {{visible?: boolean, active?: boolean}} news of OBS, directly or through the loader */
function onSeen(news) {
  Object.assign(seen, news);
  if (!options.optimize) return;
  if (seen.visible) whep.start();
  else whep.stop();
}

function onFaded() {
  style.setProperty("--fade", "0ms");
  hasPicture = true;
}

/** @param {{state: string, reason?: string}} detail for the loader around this page, and for whoever looks for a fault */
function tell(detail) {
  if (parent !== window) parent.postMessage({ fifoLive: "state", hasPicture, ...detail }, "*");
  if (options.debug) report(detail);
}

/** @param {object} detail */
function report(detail) {
  const debug = byId("debug");
  debug.hidden = false;
  debug.textContent = Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "number" ? Number(value.toFixed(3)) : value}`)
    .join("\n");
}
