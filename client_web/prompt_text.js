/** A prompt as it is shown: what the model did not understand is faint. */

import { make } from "./dom.js";
import { pieces } from "./words.js";

/**
 * @param {string} text
 * @param {string[] | null} understood
 * @returns {HTMLElement[]}
 */
export function promptText(text, understood) {
  return pieces(text, understood).map((piece) =>
    piece.known
      ? make("span", { className: "known", textContent: piece.text })
      : make("span", { className: "unknown", textContent: piece.text, title: "The model does not know this word" }),
  );
}
