/** Values of this page from the server's messages (docs/protocol.md). */

/**
 * @import { Accepted, State, Stats } from "../lib/protocol.js"
 * @import { Pace } from "./composer.js"
 * @import { Cue } from "./cue_book.js"
 */

/**
 * @param {State | null} state
 * @returns {boolean} whether new frames are being made, so that times can be told
 */
export function isRunning(state) {
  return Boolean(state && state.engine.state === "running" && !state.paused);
}

/**
 * @param {Accepted} accepted the answer to a prompt
 * @param {string} text
 * @param {{transition: number}} how
 * @param {State | null} state
 * @param {number} now_ms
 * @returns {Partial<Cue> & {cue: number}}
 */
export function cueOf(accepted, text, { transition }, state, now_ms) {
  return {
    cue: /** @type {number} */ (accepted.cue),
    text,
    due_ms: dueIn(accepted.eta_s, isRunning(state), now_ms),
    visibleFrame: accepted.visible_frame ?? undefined,
    transition,
    understood: accepted.understood,
  };
}

/**
 * @param {State} state
 * @param {number} now_ms
 * @returns {(Partial<Cue> & {cue: number})[]}
 */
export function cuesOf(state, now_ms) {
  const isCounting = isRunning(state);
  return state.cues.map((cue) => ({
    cue: cue.cue,
    text: cue.prompts.map((prompt) => prompt.text).join(" + "),
    start: cue.start,
    transition: cue.transition,
    due_ms: cue.status === "waiting" ? dueIn(cue.eta_s, isCounting, now_ms) : undefined,
    isDropped: cue.status === "past" && (state.on_air === null || cue.cue > state.on_air),
    visibleFrame: cue.visible_frame,
    understood: cue.understood,
  }));
}

/**
 * @param {number | null | undefined} eta_s
 * @param {boolean} isCounting whether frames are made
 * @param {number} now_ms
 * @returns {number} 0 while nobody can say
 */
function dueIn(eta_s, isCounting, now_ms) {
  return isCounting && typeof eta_s === "number" ? now_ms + eta_s * 1000 : 0;
}

/**
 * @param {State} state
 * @param {string} own the token of this page
 * @returns {string} the token for those who may only watch; never one that steers
 */
export function viewTokenOf({ role, view_token }, own) {
  return role === "view" ? own : (view_token ?? "");
}

/** @param {State} state */
export function settingsOf({ engine, model, role, paused, guidance, seed }) {
  return {
    isReady: role === "steer" && (engine.state === "running" || engine.state === "paused"),
    isPaused: paused,
    maySteer: role === "steer",
    supportsGuidance: Boolean(model?.supports_guidance),
    guidance,
    seed,
  };
}

/**
 * @param {State | null} state
 * @param {Stats | null} stats
 * @returns {number} new frames per second in truth; 0 while none are made or nobody has counted
 */
export function newFramesPerSecond(state, stats) {
  return isRunning(state) && stats ? stats.delivered_fps || stats.generated_fps : 0;
}

/**
 * @param {State} state
 * @param {number} delivered_fps new frames per second in truth; 0 while that is not known
 * @returns {Pace}
 */
export function paceOf(state, delivered_fps) {
  const { model, fps } = state;
  if (!model || !fps) return { queue_s: 0, latent_s: 0, maxChars: 0 };
  const latent_s = model.frames_per_latent / Math.min(fps, delivered_fps || fps);
  const queue_s = isRunning(state) ? model.queue_length * latent_s : 0;
  return { latent_s, queue_s, maxChars: model.max_prompt_chars };
}
