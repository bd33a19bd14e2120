/** Prompts as text: which words the model understood, and how they are shown. */

import { make } from "../lib/dom.js";

/** Function words, which are never reported as unknown. */
const SMALL = new Set(
  (
    "a an and are as at be but by for from has have if in into is it its of off on onto or out over so than that the their " +
    "there this to under up was were which while with without"
  ).split(" "),
);
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

/**
 * @param {string} text
 * @param {string[] | null} understood words or phrases; null if the model did not say
 * @returns {{text: string, known: boolean}[]} the whole text in pieces; what is between the words counts as known
 */
export function pieces(text, understood) {
  const known = new Set((understood ?? []).flatMap((phrase) => wordsOf(phrase)));
  const found = [];
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    if (match.index > end) found.push({ text: text.slice(end, match.index), known: true });
    const word = match[0].toLowerCase();
    found.push({ text: match[0], known: understood === null || known.has(word) || SMALL.has(word) });
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ text: text.slice(end), known: true });
  return found;
}

/**
 * @param {string} text
 * @param {string[] | null} understood
 * @returns {string[]} each word once that the model did not understand
 */
export function unknownWords(text, understood) {
  return [
    ...new Set(
      pieces(text, understood)
        .filter((piece) => !piece.known)
        .map((piece) => piece.text),
    ),
  ];
}

/** @param {string} text */
function wordsOf(text) {
  return [...text.toLowerCase().matchAll(WORD)].map((match) => match[0]);
}

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
