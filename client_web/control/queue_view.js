/** Drawing of the queue: each slot is a column in its cue's colour, solid as far as it is clean, grain as far as it is noise. */

import { Diagonal } from "./diagonal.js";
import { colourOf } from "./format.js";

const LABEL_HEIGHT = 22;
const LABEL_GAP = 8;
const LABEL_FADE = 28;
const GRAIN_SIZE = 96;
const GRAIN_EVERY_MS = 110;
/** About thirty drawings per second look smooth and leave the processor to the model, which may run on the same machine. */
const DRAW_EVERY_MS = 30;
const GRAIN_ALPHA = 0.5;
const EDGE = 2;
const GROUND = "11, 12, 14";

/**
 * @import { Cue } from "./cue_book.js"
 * @import { Column, Slot } from "./diagonal.js"
 * @typedef {{cue: number, from: number, to: number}} Run neighbours under one cue, in positions
 */

export class QueueView {
  #canvas;
  #cueOf;
  #context;
  #diagonal = new Diagonal();
  #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #grain;
  #font;
  #frame = 0;
  #drawnAt_ms = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(cue: number) => Cue | undefined} cueOf
   */
  constructor(canvas, cueOf) {
    this.#canvas = canvas;
    this.#cueOf = cueOf;
    this.#context = contextOf(canvas);
    this.#font = getComputedStyle(canvas).fontFamily;
    this.#grain = /** @type {CanvasPattern} */ (this.#context.createPattern(grainTile(), "repeat"));
    new ResizeObserver(() => this.#draw()).observe(canvas);
  }

  /** @param {Slot[]} slots head first */
  update(slots) {
    this.#diagonal.update(slots, performance.now());
    this.#describe(slots);
    if (this.#stillness.matches) this.#draw();
    else this.#animate();
  }

  #animate() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (performance.now() - this.#drawnAt_ms >= DRAW_EVERY_MS) this.#draw();
      if (this.#diagonal.isMoving(performance.now())) this.#animate();
    });
  }

  #draw() {
    const now_ms = (this.#drawnAt_ms = performance.now());
    const columns = this.#diagonal.columns(now_ms, { smooth: !this.#stillness.matches });
    const size = this.#fit();
    this.#context.clearRect(0, 0, size.width, size.height);
    const width = size.width / Math.max(1, this.#diagonal.length);
    this.#shake(now_ms);
    for (const column of columns) this.#drawColumn(column, width, size.height);
    for (const run of runsOf(columns)) this.#drawLabel(run, width, size);
    this.#context.globalAlpha = 1;
  }

  /** Give the canvas as many pixels as it covers on this display. */
  #fit() {
    const ratio = devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== across || this.#canvas.height !== down)
      Object.assign(this.#canvas, { width: across, height: down });
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { width, height };
  }

  /** @param {number} now_ms the grain lives while the queue does */
  #shake(now_ms) {
    const step = this.#stillness.matches ? 0 : Math.floor(now_ms / GRAIN_EVERY_MS);
    this.#grain.setTransform(
      new DOMMatrix().translate((step * 37) % GRAIN_SIZE, (step * 61) % GRAIN_SIZE).scale(1 / devicePixelRatio),
    );
  }

  /**
   * @param {Column} column
   * @param {number} width
   * @param {number} height
   */
  #drawColumn(column, width, height) {
    const tall = height - LABEL_HEIGHT;
    const clean = tall * (1 - column.level);
    const [left, wide] = [column.position * width, Math.max(1, width - (width > 6 ? 2 : 1))];
    const presence = Math.min(1, 1 + column.position);
    const context = this.#context;
    context.fillStyle = this.#colour(column);
    context.globalAlpha = GRAIN_ALPHA * presence;
    context.fillRect(left, LABEL_HEIGHT, wide, tall - clean);
    context.globalAlpha = (0.3 + 0.5 * (1 - column.level)) * presence;
    context.fillRect(left, height - clean, wide, clean);
    context.globalAlpha = presence;
    context.fillRect(left, Math.min(height - clean, height - EDGE), wide, EDGE);
    context.fillStyle = this.#grain;
    context.fillRect(left, LABEL_HEIGHT, wide, tall - clean);
  }

  /** @param {Column} column whose colour is a blend while its cue is fading in */
  #colour({ cue, latent }) {
    const known = this.#cueOf(cue);
    const share = known?.transition ? (latent - known.start + 1) / (known.transition + 1) : 1;
    if (share >= 1 || share <= 0) return colourOf(cue);
    return mix(colourOf(cue - 1), colourOf(cue), share);
  }

  /**
   * @param {Run} run
   * @param {number} width of one column
   * @param {{width: number}} size
   */
  #drawLabel({ cue, from, to }, width, size) {
    const [left, right] = [Math.max(0, from * width), Math.min(size.width, to * width) - LABEL_GAP];
    if (right <= left) return;
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(left, 0, right - left, LABEL_HEIGHT);
    context.clip();
    context.globalAlpha = 1;
    context.font = `500 12px ${this.#font}`;
    context.textBaseline = "middle";
    const text = this.#cueOf(cue)?.text || "";
    const isCut = context.measureText(text).width > right - left;
    context.fillStyle = isCut ? fading(context, left, right, colourOf(cue)) : colourOf(cue);
    context.fillText(text, left, LABEL_HEIGHT / 2 - 2);
    context.restore();
  }

  /** @param {Slot[]} slots */
  #describe(slots) {
    const counts = new Map();
    for (const { cue } of slots) counts.set(cue, (counts.get(cue) ?? 0) + 1);
    const parts = [...counts].map(([cue, count]) => `${count} for ${this.#cueOf(cue)?.text || `cue ${cue}`}`);
    const label = `Queue of ${slots.length} slots, next on screen first: ${parts.join(", then ")}.`;
    if (this.#canvas.getAttribute("aria-label") !== label) this.#canvas.setAttribute("aria-label", label);
  }
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * @param {Column[]} columns
 * @returns {Run[]}
 */
function runsOf(columns) {
  /** @type {Run[]} */
  const runs = [];
  for (const { cue, position } of columns) {
    const last = runs.at(-1);
    if (last?.cue === cue) last.to = position + 1;
    else runs.push({ cue, from: position, to: position + 1 });
  }
  return runs;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} right
 * @param {string} colour
 * @returns {CanvasGradient} for a text that is longer than its place
 */
function fading(context, left, right, colour) {
  const gradient = context.createLinearGradient(Math.max(left, right - LABEL_FADE), 0, right, 0);
  gradient.addColorStop(0, colour);
  gradient.addColorStop(1, "transparent");
  return gradient;
}

/** @returns {HTMLCanvasElement} specks of the page's ground colour, to lie over a cue's colour */
function grainTile() {
  const tile = Object.assign(document.createElement("canvas"), { width: GRAIN_SIZE, height: GRAIN_SIZE });
  const context = contextOf(tile);
  for (let y = 0; y < GRAIN_SIZE; y++) {
    for (let x = 0; x < GRAIN_SIZE; x++) {
      context.fillStyle = `rgba(${GROUND}, ${(Math.random() * 0.85).toFixed(2)})`;
      context.fillRect(x, y, 1, 1);
    }
  }
  return tile;
}

/**
 * @param {string} from #rrggbb
 * @param {string} to #rrggbb
 * @param {number} share of `to`, 0..1
 * @returns {string}
 */
function mix(from, to, share) {
  const channel = (/** @type {string} */ colour, /** @type {number} */ i) =>
    parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(from, i) * (1 - share) + channel(to, i) * share));
  return `rgb(${mixed.join(", ")})`;
}
