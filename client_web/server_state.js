/** The server's messages in the shapes of this page; the one place that knows their fields. */

/**
 * @param {object} accepted the answer to a prompt
 * @param {string} text
 * @param {{transition: number}} how
 * @param {number} now_ms
 */
export function cueOf(accepted, text, { transition }, now_ms) {
  return {
    cue: accepted.cue,
    text,
    accepted_ms: now_ms,
    due_ms: now_ms + accepted.eta_s * 1000,
    visibleFrame: accepted.visible_frame,
    transition,
    understood: accepted.understood ?? null,
  };
}

/** @param {object} state */
export function cuesOf(state) {
  return (state.cues ?? []).map(({ cue, prompts, start, transition }) => ({
    cue,
    text: prompts.map((prompt) => prompt.text).join(" + "),
    start,
    transition,
  }));
}

/** @param {object} state */
export function settingsOf({ engine, model, guidance, seed }) {
  return {
    isReady: engine.state === "running" || engine.state === "paused",
    isPaused: engine.state === "paused",
    supportsGuidance: Boolean(model?.supports_guidance),
    guidance,
    seed,
  };
}

/** @param {object | null} model */
export function paceOf(model) {
  if (!model) return { queue_s: 0, latent_s: 0, maxChars: 0 };
  const latent_s = model.frames_per_latent / model.fps;
  return { latent_s, queue_s: model.queue_length * latent_s, maxChars: model.max_prompt_chars };
}
