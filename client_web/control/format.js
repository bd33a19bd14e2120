/** Formats of durations, and the colour of each cue. */

/** Colours that are readable on black; neighbours differ strongly. */
const COLOURS = ["#6cb6ff", "#f2b35c", "#5fd3a3", "#f58fb0", "#b79bff", "#b9d35c", "#55cfe0", "#ff9a76"];

/**
 * @param {number} left_ms
 * @returns {string}
 */
export function countdown(left_ms) {
  if (left_ms <= 0) return "any moment";
  return `in ${seconds(left_ms / 1000)}`;
}

/**
 * @param {number} time_s
 * @returns {string} tenths as long as they matter
 */
export function seconds(time_s) {
  return time_s < 10 ? `${time_s.toFixed(1)} s` : `${Math.round(time_s)} s`;
}

/**
 * @param {number} past_ms
 * @returns {string}
 */
export function since(past_ms) {
  const past_s = Math.max(0, Math.round(past_ms / 1000));
  if (past_s < 60) return `${past_s} s ago`;
  if (past_s < 3600) return `${Math.floor(past_s / 60)} min ago`;
  return `${Math.floor(past_s / 3600)} h ago`;
}

/**
 * @param {number} cue
 * @returns {string} the same in every view
 */
export function colourOf(cue) {
  return COLOURS[((cue % COLOURS.length) + COLOURS.length) % COLOURS.length];
}
