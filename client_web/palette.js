/** One colour per cue, the same in every view: light enough to read on black, neighbours far apart. */

const COLOURS = ["#6cb6ff", "#f2b35c", "#5fd3a3", "#f58fb0", "#b79bff", "#b9d35c", "#55cfe0", "#ff9a76"];

/**
 * @param {number} cue
 * @returns {string}
 */
export function colourOf(cue) {
  return COLOURS[((cue % COLOURS.length) + COLOURS.length) % COLOURS.length];
}

/**
 * @param {string} from #rrggbb
 * @param {string} to #rrggbb
 * @param {number} share of `to`, 0..1
 * @returns {string}
 */
export function mix(from, to, share) {
  const channel = (colour, i) => parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(from, i) * (1 - share) + channel(to, i) * share));
  return `rgb(${mixed.join(", ")})`;
}
