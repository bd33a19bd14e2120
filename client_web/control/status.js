/** Status of the stream: a word for the pill, a slate while there is no picture, a banner over one that stands still. */

import { ENGINE_TEXTS } from "../lib/engine_status.js";

/** Below this share of its rate a stream is called slow. */
const SLOW = 0.7;
const NO_RATE = { new_fps: 0, fps: 0 };

/**
 * Pills of the states in which the engine is in trouble; its other states are steps of a start.
 *
 * @type {Record<string, string>}
 */
const PILLS = { failed: "Failed", restarting: "Restarting", stalled: "Stalled", stopped: "Stopped" };

/** @type {Trouble} */
const DENIED = {
  pill: "Access denied",
  tone: "bad",
  title: "Access denied",
  wantsToken: true,
};

/**
 * @import { EngineStatus, Progress } from "../lib/protocol.js"
 * @typedef {{state: string, reason?: string, isDenied?: boolean}} Connection
 * @typedef {{new_fps: number, fps: number}} Rate new frames per second, and how many there should be; 0 if not known
 * @typedef {{
 *   pill: string, tone: "good" | "wait" | "bad", hint: string, banner: string,
 *   slate: {title: string, detail: string, progress: Progress | null, wantsToken: boolean} | null,
 * }} Status
 * @typedef {{
 *   pill: string, tone: "wait" | "bad", title: string, detail?: string,
 *   progress?: Progress | null, wantsToken?: boolean,
 * }} Trouble
 */

/**
 * @param {{
 *   control: Connection, picture: Connection, engine: EngineStatus | null, hasPicture: boolean, rate?: Rate,
 * }} now
 * @returns {Status}
 */
export function statusOf({ control, picture, engine, hasPicture, rate = NO_RATE }) {
  const trouble = troubleOf(control, picture, engine);
  if (!trouble) return { ...wellBeing(engine, rate), banner: "", slate: null };
  const { pill, tone, title, detail = "", progress = null, wantsToken = false } = trouble;
  const hint = [title, detail].filter(Boolean).join(". ");
  if (!hasPicture) return { pill, tone, hint, banner: "", slate: { title, detail, progress, wantsToken } };
  return { pill, tone, hint, banner: hint, slate: null };
}

/**
 * @param {EngineStatus | null} engine
 * @param {Rate} rate
 * @returns {{pill: string, tone: "good" | "wait", hint: string}}
 */
function wellBeing(engine, { new_fps, fps }) {
  if (engine?.state === "paused") return { pill: "Paused", tone: "wait", hint: "No new frames are made." };
  if (!new_fps || new_fps >= SLOW * fps) return { pill: "Live", tone: "good", hint: "" };
  const hint = `The engine makes ${new_fps.toFixed(1)} of ${Math.round(fps)} frames per second.`;
  return { pill: "Slow", tone: "wait", hint };
}

/**
 * @param {Connection} control
 * @param {Connection} picture
 * @param {EngineStatus | null} engine
 * @returns {Trouble | null}
 */
function troubleOf(control, picture, engine) {
  if (control.isDenied) return { ...DENIED, detail: control.reason };
  if (control.state === "waiting")
    return { pill: "Reconnecting", tone: "bad", title: "No connection to the server", detail: control.reason };
  if (control.state !== "open" || !engine)
    return { pill: "Connecting", tone: "wait", title: "Connecting to the server" };
  if (engine.state in ENGINE_TEXTS) return workOf(engine);
  if (picture.state === "waiting")
    return { pill: "Reconnecting", tone: "bad", title: "Video connection lost", detail: picture.reason };
  if (picture.state !== "live") return { pill: "Joining", tone: "wait", title: "Waiting for the picture" };
  return null;
}

/**
 * @param {EngineStatus} engine
 * @returns {Trouble}
 */
function workOf({ state, message, progress }) {
  return {
    pill: PILLS[state] ?? "Starting",
    tone: state in PILLS ? "bad" : "wait",
    title: ENGINE_TEXTS[state],
    detail: message || progress?.detail || "",
    progress: state === "failed" ? null : progress,
  };
}
