/** The server's messages (docs/protocol.md) in the shapes of this page; the one place that knows their fields. */

/**
 * @param {object} accepted the answer to a prompt
 * @param {string} text
 * @param {{transition: number}} how
 * @param {number} now_ms
 * @returns {Partial<import("./cue_book.js").Cue> & {cue: number}}
 */
export function cueOf(accepted, text, { transition }, now_ms) {
  return {
    cue: accepted.cue,
    text,
    due_ms: now_ms + accepted.eta_s * 1000,
    visibleFrame: accepted.visible_frame,
    transition,
    understood: accepted.understood,
  };
}

/**
 * @param {object} state
 * @param {number} now_ms
 * @returns {(Partial<import("./cue_book.js").Cue> & {cue: number})[]}
 */
export function cuesOf(state, now_ms) {
  return state.cues.map((cue) => ({
    cue: cue.cue,
    text: cue.prompts.map((prompt) => prompt.text).join(" + "),
    start: cue.start,
    transition: cue.transition,
    due_ms: dueOf(cue, state.paused, now_ms),
    visibleFrame: cue.visible_frame,
    understood: cue.understood,
  }));
}

/**
 * @param {{status: string, eta_s: number | null}} cue
 * @param {boolean} paused
 * @param {number} now_ms
 * @returns {number | undefined} 0 while nobody can say
 */
function dueOf({ status, eta_s }, paused, now_ms) {
  if (status !== "waiting" || eta_s === null) return undefined;
  return paused ? 0 : now_ms + eta_s * 1000;
}

/** @param {object} state */
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
 * @param {object} state
 * @param {number} delivered_fps new frames per second in truth; 0 while that is not known
 * @returns {import("./composer.js").Pace}
 */
export function paceOf({ model, fps }, delivered_fps) {
  if (!model || !fps) return { queue_s: 0, latent_s: 0, maxChars: 0 };
  const latent_s = model.frames_per_latent / Math.min(fps, delivered_fps || fps);
  return { latent_s, queue_s: model.queue_length * latent_s, maxChars: model.max_prompt_chars };
}
