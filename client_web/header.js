/** The top line: which model, how the stream does. */

import { byId, say } from "./dom.js";

const NONE = "\u2013";

export class Header {
  /** @param {object | null} model */
  model(model) {
    say(byId("model"), model ? `${model.name}, ${model.width}\u00d7${model.height} on ${model.device}` : "");
  }

  /** @param {import("./situation.js").Situation} situation */
  pill({ pill, tone }) {
    say(byId("pill"), pill);
    byId("pill").dataset.tone = tone;
  }

  /**
   * @param {import("./figures.js").Figures} figures
   * @param {number} now_ms
   */
  figures(figures, now_ms) {
    const [fps, delay_ms] = [figures.fps(now_ms), figures.delay_ms];
    say(byId("fps"), fps ? fps.toFixed(fps < 10 ? 1 : 0) : NONE);
    say(byId("delay"), fps && Number.isFinite(delay_ms) ? `${Math.max(0, Math.round(delay_ms))} ms` : NONE);
  }

  /** @param {object} stats */
  stats(stats) {
    say(byId("viewers"), String(stats.viewers ?? NONE));
    say(byId("engine-note"), `Engine: ${stats.generated_fps.toFixed(1)} frames/s, ${stats.tick_ms.toFixed(0)} ms a tick.`);
  }
}
