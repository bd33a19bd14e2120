/** What to tell the viewer: one line for the pill, a slate while there is no picture, a banner over one that stands still. */

import { ENGINE_WORDS } from "./engine_words.js";

/** The engine's troubles; its other states are steps of a start. */
const PILLS = { failed: "Failed", restarting: "Restarting", stalled: "Stalled", stopped: "Stopped" };

/** @type {Trouble} */
const DENIED = {
  pill: "No entry",
  tone: "bad",
  title: "No entry",
  wantsToken: true,
};

/**
 * @typedef {{state: string, reason?: string, isDenied?: boolean}} Connection
 * @typedef {{state: string, message: string, progress: {done: number, total: number, detail: string} | null}} Engine
 * @typedef {{
 *   pill: string, tone: "good" | "wait" | "bad", banner: string,
 *   slate: {title: string, detail: string, progress: {done: number, total: number} | null, wantsToken: boolean} | null,
 * }} Situation
 * @typedef {{
 *   pill: string, tone: "wait" | "bad", title: string, detail?: string,
 *   progress?: {done: number, total: number} | null, wantsToken?: boolean,
 * }} Trouble
 */

/**
 * @param {{
 *   control: Connection, picture: Connection, engine: Engine | null, hasPicture: boolean, wasOnAir: boolean,
 * }} now `wasOnAir`: the engine has made frames; before, the picture is only the server's own slate
 * @returns {Situation}
 */
export function situationOf({ control, picture, engine, hasPicture, wasOnAir }) {
  const trouble = troubleOf(control, picture, engine);
  if (!trouble) return { pill: engine?.state === "paused" ? "Paused" : "Live", tone: "good", banner: "", slate: null };
  const { pill, tone, title, detail = "", progress = null, wantsToken = false } = trouble;
  const isCovered = !hasPicture || !wasOnAir;
  if (isCovered) return { pill, tone, banner: "", slate: { title, detail, progress, wantsToken } };
  return { pill, tone, banner: detail ? `${title}. ${detail}` : title, slate: null };
}

/**
 * @param {Connection} control
 * @param {Connection} picture
 * @param {Engine | null} engine
 * @returns {Trouble | null}
 */
function troubleOf(control, picture, engine) {
  if (control.isDenied) return { ...DENIED, detail: control.reason };
  if (control.state === "waiting")
    return { pill: "Reconnecting", tone: "bad", title: "No connection to the server", detail: control.reason };
  if (control.state !== "open" || !engine)
    return { pill: "Connecting", tone: "wait", title: "Connecting to the server" };
  if (engine.state in ENGINE_WORDS) return workOf(engine);
  if (picture.state === "waiting")
    return { pill: "Reconnecting", tone: "bad", title: "The picture is away", detail: picture.reason };
  if (picture.state !== "live") return { pill: "Joining", tone: "wait", title: "Waiting for the picture" };
  return null;
}

/**
 * @param {Engine} engine
 * @returns {Trouble}
 */
function workOf({ state, message, progress }) {
  return {
    pill: PILLS[state] ?? "Starting",
    tone: state in PILLS ? "bad" : "wait",
    title: ENGINE_WORDS[state],
    detail: message || progress?.detail || "",
    progress: state === "failed" ? null : progress,
  };
}
