/** Options of the source, from the query of its address. */

import { isOn } from "../web/lib/urls.js";

const FITS = ["cover", "contain", "fill"];
const CODECS = /** @type {const} */ (["h264", "vp8"]);
const CHROMA = "#00ff00";
const FADE_MS = 500;
const LONGEST_RETRY_S = 10;

/**
 * @typedef {{
 *   fit: string, muted: boolean, background: string, fade_ms: number, codec: "h264" | "vp8" | "",
 *   longestRetry_s: number, debug: boolean, optimize: boolean, slate: boolean,
 * }} Options
 */

/**
 * @param {URLSearchParams} query
 * @returns {Options}
 */
export function optionsOf(query) {
  return {
    fit: FITS.find((fit) => query.get("fit") === fit || isOn(query, fit)) ?? "cover",
    muted: isOn(query, "noaudio") || query.get("muted") !== "0",
    background: colour(query.get("bg")) || (isOn(query, "chroma") ? colour(query.get("chroma")) || CHROMA : ""),
    fade_ms: isOn(query, "fadein") ? number(query.get("fadein"), FADE_MS) : 0,
    codec: CODECS.find((codec) => codec === query.get("codec")?.toLowerCase()) ?? "",
    longestRetry_s: Math.max(0.5, number(query.get("retry"), LONGEST_RETRY_S)),
    debug: isOn(query, "debug"),
    optimize: isOn(query, "optimize"),
    slate: isOn(query, "slate"),
  };
}

/** @param {string | null} text a CSS colour; hexadecimal digits need no `#`, which would begin the fragment */
function colour(text) {
  if (!text) return "";
  const css = /^[0-9a-f]{3,8}$/i.test(text) ? `#${text}` : text;
  return CSS.supports("color", css) ? css : "";
}

/**
 * @param {string | null} text
 * @param {number} otherwise where there is no number
 */
function number(text, otherwise) {
  const value = parseFloat(text ?? "");
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}
