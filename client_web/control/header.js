/** Header of the page: the model, the figures of the stream, and its status. */

import { byId, setText } from "../lib/dom.js";

const NONE = "\u2013";

/**
 * @import { ModelInfo, Stats } from "../lib/protocol.js"
 * @import { Figures } from "./figures.js"
 * @import { Status } from "./status.js"
 */

export class Header {
  /** @param {ModelInfo | null} model */
  model(model) {
    setText(byId("model"), model ? `${model.name}, ${model.width}\u00d7${model.height} on ${model.device}` : "");
  }

  /** @param {Status} status */
  pill({ pill, tone, hint }) {
    setText(byId("pill"), pill);
    byId("pill").dataset.tone = tone;
    byId("pill").title = hint;
  }

  /**
   * @param {Figures} figures
   * @param {number} new_fps how many new frames the server sends; the last one is sent again in between
   * @param {number} now_ms
   */
  figures(figures, new_fps, now_ms) {
    const [fps, delay_ms] = [Math.min(figures.fps(now_ms), new_fps), figures.delay_ms];
    setText(byId("fps"), fps ? fps.toFixed(fps < 10 ? 1 : 0) : NONE);
    setText(byId("delay"), fps && Number.isFinite(delay_ms) ? `${Math.max(0, Math.round(delay_ms))} ms` : NONE);
  }

  /** @param {Stats} stats */
  stats(stats) {
    this.viewers(stats.viewers);
    setText(byId("engine-note"), engineNote(stats));
  }

  /** @param {number} viewers */
  viewers(viewers) {
    setText(byId("viewers"), String(viewers));
  }
}

/** @param {Stats} stats */
function engineNote({ generated_fps, tick_ms, worker_rss_mb, device_mb }) {
  const memory = device_mb ? `${Math.round(device_mb)} MB on the device` : `${Math.round(worker_rss_mb)} MB`;
  return `Engine: ${generated_fps.toFixed(1)} frames/s, ${tick_ms.toFixed(0)} ms per tick, ${memory}.`;
}
