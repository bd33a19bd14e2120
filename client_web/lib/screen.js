/** Screen: shows a stream, and keeps the old picture until the first frame of the new stream is there. */

import { Emitter } from "./emitter.js";

/** The first frame may be loaded but not painted yet, so the old picture stays below for this many frames. */
const FRAMES_TO_COVER = 3;
const COVER_TIMEOUT_MS = 1000;

/**
 * `picture` comes with the first frame of a stream and with each new size, `blocked` where the browser wants a gesture first.
 *
 * @typedef {{
 *   picture: {width: number, height: number},
 *   frame: {now: number, metadata: VideoFrameCallbackMetadata},
 *   blocked: {play: () => Promise<void>},
 * }} ScreenEvents
 */

/** @extends {Emitter<ScreenEvents>} */
export class Screen extends Emitter {
  #place;
  #muted;
  /** @type {HTMLVideoElement | undefined} */
  #shown;
  /** @type {HTMLVideoElement | undefined} */
  #next;
  /** @type {WeakMap<HTMLVideoElement, () => void>} what to call when a video is not needed any more */
  #release = new WeakMap();

  /**
   * @param {HTMLElement} place an element whose videos lie on top of each other
   * @param {{muted?: boolean}} [options]
   */
  constructor(place, { muted = true } = {}) {
    super();
    this.#place = place;
    this.#muted = muted;
  }

  /** @returns {HTMLVideoElement | undefined} */
  get video() {
    return this.#shown;
  }

  /**
   * @param {MediaStream} stream
   * @param {() => void} [release] called once the stream is not needed any more
   */
  show(stream, release = () => {}) {
    if (this.#next) this.#drop(this.#next);
    const video = (this.#next = document.createElement("video"));
    Object.assign(video, { muted: this.#muted, autoplay: true, playsInline: true, disableRemotePlayback: true });
    video.setAttribute("aria-hidden", "true");
    video.addEventListener("loadeddata", () => this.#swap(video), { once: true });
    video.srcObject = stream;
    this.#release.set(video, release);
    this.#place.append(video);
    video.play().catch((error) => this.#onPlayError(error, video));
  }

  /** @param {HTMLVideoElement} video whose first frame is there */
  #swap(video) {
    if (video !== this.#next) return;
    const old = this.#shown;
    this.#shown = video;
    this.#next = undefined;
    video.classList.add("shown");
    video.addEventListener("resize", () => this.#tellSize(video));
    this.#tellSize(video);
    this.#follow(video);
    if (old) afterFrames(video, FRAMES_TO_COVER, () => this.#drop(old));
  }

  /** @param {HTMLVideoElement} video that is covered, or was never seen */
  #drop(video) {
    video.remove();
    video.srcObject = null;
    this.#release.get(video)?.();
  }

  /** @param {HTMLVideoElement} video */
  #tellSize({ videoWidth: width, videoHeight: height }) {
    this.emit("picture", { width, height });
  }

  /** @param {HTMLVideoElement} video */
  #follow(video) {
    video.requestVideoFrameCallback?.((now, metadata) => {
      if (video !== this.#shown) return;
      this.emit("frame", { now, metadata });
      this.#follow(video);
    });
  }

  /**
   * @param {Error} error
   * @param {HTMLVideoElement} video
   */
  #onPlayError(error, video) {
    // NotAllowedError: the browser wants a gesture first. AbortError: a newer element has replaced this one.
    if (error.name === "NotAllowedError") this.emit("blocked", { play: () => video.play() });
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {number} count
 * @param {() => void} act once, also if the frames stop coming or the browser does not count them
 */
function afterFrames(video, count, act) {
  const timer = setTimeout(act, COVER_TIMEOUT_MS);
  const next = (/** @type {number} */ left) => {
    if (left) return void video.requestVideoFrameCallback?.(() => next(left - 1));
    clearTimeout(timer);
    act();
  };
  next(count);
}
