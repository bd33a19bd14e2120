/** The control page: the parts, and who tells whom. */

import { pageToken, pageUrl, serverUrl, socketUrl } from "./address.js";
import { Composer } from "./composer.js";
import { ControlClient } from "./control.js";
import { CueBook } from "./cue_book.js";
import { byId } from "./dom.js";
import { EnginePanel } from "./engine_panel.js";
import { Header } from "./header.js";
import { OnAir } from "./on_air.js";
import { Player } from "./player.js";
import { browserStorage, PromptHistory } from "./prompt_history.js";
import { QueueView } from "./queue_view.js";
import { cueOf, cuesOf, paceOf, settingsOf } from "./server_state.js";
import { Slate } from "./slate.js";
import { situationOf } from "./situation.js";
import { bindKeys, bindSharing } from "./surroundings.js";
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
const composer = new Composer((text, how) => send(text, how), new PromptHistory(browserStorage()));
const panel = new EnginePanel(control, (message) => composer.complain(message));
const vocabulary = new Vocabulary((word) => composer.append(word));

/** What the last messages said; everything shown follows from this and the cue book. */
const now = {
  control: { state: "closed" },
  picture: { state: "closed" },
  state: null,
  engine: null,
  delivered_fps: 0,
  hasPicture: false,
  wasOnAir: false,
};

control.addEventListener("connection", ({ detail }) => {
  // The picture of before would stand still until its own watch sees that the server has gone.
  if (detail.state === "open" && now.engine) player.rejoin();
  now.control = detail;
  renderSituation();
});
control.addEventListener("state", ({ detail }) => takeState(detail));
control.addEventListener("on_air", ({ detail }) => {
  book.goOnAir(detail.cue, performance.now());
  renderCues();
});
control.addEventListener("queue", ({ detail }) => queue.update(detail.slots));
control.addEventListener("stats", ({ detail }) => {
  now.delivered_fps = detail.delivered_fps;
  header.stats(detail);
  if (now.state) composer.pace = paceOf(now.state, now.delivered_fps);
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
  book.put(cueOf(accepted, text, how, performance.now()));
  renderCues();
  return accepted;
}

/** @param {object} state */
function takeState(state) {
  now.state = state;
  now.engine = state.engine;
  now.wasOnAir = state.on_air !== null;
  const settings = settingsOf(state);
  const now_ms = performance.now();
  book.replace(cuesOf(state, now_ms), state.on_air, now_ms);
  header.model(state.model);
  header.viewers(state.viewers);
  panel.render(settings);
  composer.maySteer = settings.maySteer;
  composer.pace = paceOf(state, now.delivered_fps);
  vocabulary.render(state.model?.knows ?? []);
  renderCues();
  renderSituation();
}

function renderSituation() {
  const situation = situationOf(now);
  header.pill(situation);
  slate.render(situation);
}

function renderCues() {
  const now_ms = performance.now();
  onAir.render(book, now_ms);
  timeline.render(book.newestFirst, now_ms);
}

function tick() {
  const now_ms = performance.now();
  onAir.tick(book, now_ms);
  timeline.tick(book.newestFirst, now_ms);
  header.figures(player.figures, now_ms);
  setTimeout(tick, book.next ? TICK_MS : REST_MS);
}

bindKeys({ f: () => player.toggleFullscreen(), p: () => panel.togglePause(), "/": () => composer.focus() });
bindSharing(pageUrl("obs/source", token), pageUrl("watch", token));
byId("fullscreen").addEventListener("click", () => player.toggleFullscreen());
control.open();
player.start();
tick();
