/** The control page: the parts, and who tells whom. */

import { pageToken, serverUrl, socketUrl } from "./address.js";
import { Composer } from "./composer.js";
import { ControlClient } from "./control.js";
import { CueBook } from "./cue_book.js";
import { byId } from "./dom.js";
import { Draft } from "./draft.js";
import { EnginePanel } from "./engine_panel.js";
import { Header } from "./header.js";
import { bindKeys } from "./keys.js";
import { OnAir } from "./on_air.js";
import { Player } from "./player.js";
import { browserStorage, PromptHistory } from "./prompt_history.js";
import { QueueView } from "./queue_view.js";
import { cueOf, cuesOf, isRunning, newFramesPerSecond, paceOf, settingsOf, viewTokenOf } from "./server_state.js";
import { Sharing } from "./sharing.js";
import { Slate } from "./slate.js";
import { situationOf } from "./situation.js";
import { Timeline } from "./timeline.js";
import { Vocabulary } from "./vocabulary.js";
import { WhepClient } from "./whep.js";

const TICK_MS = 100;
const REST_MS = 1000;

const token = pageToken();
const control = new ControlClient(socketUrl("ws"), { token, channels: ["queue", "stats"] });
const whep = new WhepClient(serverUrl("whep"), { token });
const player = new Player(whep, byId("player"), byId("screen"));
const book = new CueBook();
const queue = new QueueView(byId("queue"), (cue) => book.find(cue));
const timeline = new Timeline(byId("timeline"), byId("timeline-empty"));
const onAir = new OnAir();
const header = new Header();
const slate = new Slate();
const sharing = new Sharing();
const draft = new Draft(browserStorage(() => sessionStorage));
const composer = new Composer((text, how) => send(text, how), new PromptHistory(browserStorage()), draft);
const panel = new EnginePanel(control, (message) => composer.complain(message));
const vocabulary = new Vocabulary((word) => composer.append(word));

/** What the last messages said; everything shown follows from this and the cue book. */
const now = {
  control: { state: "closed" },
  picture: { state: "closed" },
  state: null,
  stats: null,
  hasPicture: false,
};
let timer = 0;

control.addEventListener("connection", ({ detail }) => {
  // The picture of before would stand still until its own watch sees that the server has gone.
  if (detail.state === "open" && now.state) player.rejoin();
  now.control = detail;
  panel.isConnected = detail.state === "open";
  renderSituation();
});
control.addEventListener("state", ({ detail }) => takeState(detail));
control.addEventListener("on_air", ({ detail }) => {
  book.goOnAir(detail.cue, performance.now());
  renderCues();
});
control.addEventListener("queue", ({ detail }) => queue.update(detail.slots));
control.addEventListener("stats", ({ detail }) => {
  now.stats = detail;
  header.stats(detail);
  renderPace();
  renderSituation();
});
control.addEventListener("error", ({ detail }) => composer.complain(detail.message));
player.addEventListener("connection", ({ detail }) => {
  now.picture = detail;
  renderSituation();
});
player.addEventListener("picture", ({ detail }) => {
  now.hasPicture = true;
  slate.fit(detail);
  renderSituation();
});
player.addEventListener("blocked", ({ detail }) => slate.offerPlay(detail.play));
timeline.addEventListener("again", ({ detail }) => composer.submit(detail.text));

/**
 * @param {string} text
 * @param {{transition: number, urgency: number}} how
 */
async function send(text, how) {
  const accepted = await control.prompt(text, how);
  book.put(cueOf(accepted, text, how, now.state, performance.now()));
  renderCues();
  return accepted;
}

/** @param {object} state */
function takeState(state) {
  now.state = state;
  const settings = settingsOf(state);
  const now_ms = performance.now();
  const forgotten = book.replace(cuesOf(state, now_ms), state.on_air, now_ms);
  composer.offerAgain(forgotten?.cue ? forgotten.text : "", state.cues.some(({ cue }) => cue > 0));
  header.model(state.model);
  header.viewers(state.viewers);
  panel.render(settings);
  composer.maySteer = timeline.maySteer = settings.maySteer;
  composer.isEngineRunning = ["running", "paused"].includes(state.engine.state);
  sharing.viewToken = viewTokenOf(state, token);
  vocabulary.render(state.model?.knows ?? [], settings.maySteer);
  renderPace();
  renderCues();
  renderSituation();
}

function renderPace() {
  if (now.state) composer.pace = paceOf(now.state, newFramesPerSecond(now.state, now.stats));
}

function renderSituation() {
  const rate = { new_fps: newFramesPerSecond(now.state, now.stats), fps: now.state?.fps ?? 0 };
  const situation = situationOf({ ...now, engine: now.state?.engine ?? null, rate });
  header.pill(situation);
  slate.render(situation);
}

function renderCues() {
  const now_ms = performance.now();
  onAir.render(book, now_ms);
  timeline.render(book.newestFirst, now_ms);
  tick();
}

function tick() {
  const now_ms = performance.now();
  onAir.tick(book, now_ms);
  timeline.tick(book.newestFirst, now_ms);
  const isConnected = now.control.state === "open";
  header.figures(player.figures, isConnected ? newFramesPerSecond(now.state, now.stats) : 0, now_ms);
  clearTimeout(timer);
  timer = setTimeout(tick, book.next && isRunning(now.state) ? TICK_MS : REST_MS);
}

bindKeys({ f: () => player.toggleFullscreen(), p: () => panel.togglePause(), "/": () => composer.focus() });
byId("fullscreen").addEventListener("click", () => player.toggleFullscreen());
control.open();
player.start();
tick();
