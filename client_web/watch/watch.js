/** Viewer page: the picture fills the window. A double click fills the screen. */

import { byId, setTextOrHide } from "../lib/dom.js";
import { showEngineStatus } from "../lib/engine_status.js";
import { Screen } from "../lib/screen.js";
import { isOn, pageToken, serverUrl } from "../lib/urls.js";
import { WhepClient } from "../lib/whep.js";

const wantsSlate = isOn(new URLSearchParams(location.search), "slate");
const whep = new WhepClient(serverUrl("whep"), { token: pageToken() });
const screen = new Screen(byId("screen"));

whep.on("stream", ({ stream, release }) => screen.show(stream, release));
whep.on("state", ({ reason }) => explain(reason));
whep.on("report", ({ isConnected, packets }) => {
  if (isConnected && !packets) explain(wantsSlate ? "" : "The stream has not started yet.");
});
screen.on("picture", () => explain(""));
screen.on("blocked", ({ play }) => {
  setTextOrHide(byId("word"), "Press anywhere to play.");
  addEventListener("pointerdown", () => play(), { once: true });
});
addEventListener("dblclick", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});
whep.start();
if (wantsSlate) showEngineStatus(byId("slate"));

/** @param {string} [reason] why there is no picture; a picture needs no words, also one that stands still */
function explain(reason = "") {
  setTextOrHide(byId("word"), screen.video ? "" : reason);
}
