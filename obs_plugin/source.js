/** The OBS browser source: the picture, nothing else, and nobody is asked anything. Runs in Chromium 103 and later. */

import { showEngineStatus } from "../web/lib/engine_status.js";
import { Screen } from "../web/lib/screen.js";
import { pageToken, serverUrl } from "../web/lib/urls.js";
import { WhepClient } from "../web/lib/whep.js";
import { optionsOf } from "./options.js";

const options = optionsOf(new URLSearchParams(location.search));
const { codec, longestRetry_s } = options;
const whep = new WhepClient(serverUrl("whep"), { token: pageToken(), codec, longestRetry_s });
const screen = new Screen(document.getElementById("screen"), { muted: options.muted });
const style = document.documentElement.style;
/** What OBS says of this source; the picture is fetched while it is visible. */
const seen = { visible: true, active: true };
/** So long after its first frame a picture is painted for certain. */
const SETTLE_MS = 500;
let hasPicture = false;

style.setProperty("--fit", options.fit);
style.setProperty("--fade", `${options.fade_ms}ms`);
if (options.background) style.background = options.background;

whep.addEventListener("stream", ({ detail }) => screen.show(detail.stream, detail.release));
whep.addEventListener("state", ({ detail }) => tell(detail));
whep.addEventListener("report", ({ detail }) => tell({ state: whep.state, ...detail }));
screen.addEventListener("picture", () => setTimeout(onFaded, options.fade_ms + SETTLE_MS));
addEventListener("obsSourceVisibleChanged", ({ detail }) => onSeen({ visible: detail.visible }));
addEventListener("obsSourceActiveChanged", ({ detail }) => onSeen({ active: detail.active }));
addEventListener("message", ({ source, data }) => {
  if (source === parent && parent !== window && data?.fifoLive === "seen") onSeen(data.seen);
});
whep.start();
if (options.slate) showEngineStatus(document.getElementById("slate"));

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
  const debug = document.getElementById("debug");
  debug.hidden = false;
  debug.textContent = Object.entries(detail)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "number" ? Number(value.toFixed(3)) : value}`)
    .join("\n");
}
