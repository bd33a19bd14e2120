/** The bare viewer: the picture fills the window. A double click fills the screen. */

import { pageToken, serverUrl } from "./address.js";
import { byId, sayOrHide } from "./dom.js";
import { Screen } from "./screen.js";
import { WhepClient } from "./whep.js";

const whep = new WhepClient(serverUrl("whep"), { token: pageToken() });
const screen = new Screen(byId("screen"));

whep.addEventListener("stream", ({ detail }) => screen.show(detail.stream));
whep.addEventListener("state", ({ detail }) => sayOrHide(byId("word"), screen.video ? "" : (detail.reason ?? "")));
screen.addEventListener("picture", () => sayOrHide(byId("word"), ""));
screen.addEventListener("blocked", ({ detail }) => {
  sayOrHide(byId("word"), "Press anywhere to play.");
  addEventListener("pointerdown", () => detail.play(), { once: true });
});
addEventListener("dblclick", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});
whep.start();
