/** Control page: makes its components and wires their events. */

import { ControlClient } from "../lib/control_client.js";
import { byId } from "../lib/dom.js";
import { pageToken, serverUrl, socketUrl } from "../lib/urls.js";
import { WhepClient } from "../lib/whep.js";
import { Composer } from "./composer.js";
import { CueBook } from "./cue_book.js";
import { CueList } from "./cue_list.js";
import { EnginePanel } from "./engine_panel.js";
import { Header } from "./header.js";
import { NowNext } from "./now_next.js";
import { Player } from "./player.js";
import { browserStorage, Draft, PromptHistory } from "./prompt_storage.js";
import { QueueView } from "./queue_view.js";
import { cueOf, cuesOf, isRunning, newFramesPerSecond, paceOf, settingsOf, viewTokenOf } from "./server_state.js";
import { Share } from "./share.js";
import { Slate } from "./slate.js";
import { statusOf } from "./status.js";
import { Vocabulary } from "./vocabulary.js";

const TICK_MS = 100;
const REST_MS = 1000;

const token = pageToken();
const control = new ControlClient(socketUrl("ws"), { token, channels: ["queue", "stats"] });
const whep = new WhepClient(serverUrl("whep"), { token });
const player = new Player(whep, byId("player"), byId("screen"));
const book = new CueBook();
const queue = new QueueView(/** @type {HTMLCanvasElement} */ (byId("queue")), (cue) => book.find(cue));
const cueList = new CueList(byId("timeline"), byId("timeline-empty"));
const nowNext = new NowNext();
const header = new Header();
const slate = new Slate();
const share = new Share();
const draft = new Draft(browserStorage(() => sessionStorage));
const composer = new Composer((text, how) => send(text, how), new PromptHistory(browserStorage()), draft);
const panel = new EnginePanel(control, (message) => composer.complain(message));
const vocabulary = new Vocabulary((word) => composer.append(word));

/**
 * What the last messages said; all that is shown follows from this and the cue book.
 *
 * @import { State, Stats } from "../lib/protocol.js"
 * @import { Connection } from "./status.js"
 * @type {{control: Connection, picture: Connection, state: State | null, stats: Stats | null, hasPicture: boolean}}
 */
const now = { control: { state: "closed" }, picture: { state: "closed" }, state: null, stats: null, hasPicture: false };
let timer = 0;

control.on("connection", (connection) => {
  // A new server: do not wait until the WHEP client notices that the old connection is dead.
  if (connection.state === "open" && now.state) player.rejoin();
  now.control = connection;
  panel.isConnected = connection.state === "open";
  renderStatus();
});
control.on("state", takeState);
control.on("on_air", ({ cue }) => {
  book.goOnAir(cue, performance.now());
  renderCues();
});
control.on("queue", ({ slots }) => queue.update(slots));
control.on("stats", (stats) => {
  now.stats = stats;
  header.stats(stats);
  renderPace();
  renderStatus();
});
control.on("error", ({ message }) => composer.complain(message));
player.on("connection", (connection) => {
  now.picture = connection;
  renderStatus();
});
player.on("picture", (size) => {
  now.hasPicture = true;
  slate.fit(size);
  renderStatus();
});
player.on("blocked", ({ play }) => slate.offerPlay(play));
cueList.on("again", ({ text }) => composer.submit(text));

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

/** @param {State} state */
function takeState(state) {
  now.state = state;
  const settings = settingsOf(state);
  const now_ms = performance.now();
  const forgotten = book.replace(cuesOf(state, now_ms), state.on_air, now_ms);
  composer.offerAgain(
    forgotten?.cue ? forgotten.text : "",
    state.cues.some(({ cue }) => cue > 0),
  );
  header.model(state.model);
  header.viewers(state.viewers);
  panel.render(settings);
  composer.maySteer = cueList.maySteer = settings.maySteer;
  composer.isEngineRunning = ["running", "paused"].includes(state.engine.state);
  share.viewToken = viewTokenOf(state, token);
  vocabulary.render(state.model?.knows ?? [], settings.maySteer);
  renderPace();
  renderCues();
  renderStatus();
}

function renderPace() {
  if (now.state) composer.pace = paceOf(now.state, newFramesPerSecond(now.state, now.stats));
}

function renderStatus() {
  const rate = { new_fps: newFramesPerSecond(now.state, now.stats), fps: now.state?.fps ?? 0 };
  const status = statusOf({ ...now, engine: now.state?.engine ?? null, rate });
  header.pill(status);
  slate.render(status);
}

function renderCues() {
  const now_ms = performance.now();
  nowNext.render(book, now_ms);
  cueList.render(book.newestFirst, now_ms);
  tick();
}

function tick() {
  const now_ms = performance.now();
  nowNext.tick(book, now_ms);
  cueList.tick(book.newestFirst, now_ms);
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

/** @param {Record<string, () => void>} actions by key; none while someone types */
function bindKeys(actions) {
  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  });
}
