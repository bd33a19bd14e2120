/** WHEP client: joins, watches over the picture, and joins again by itself when it is lost. */

import { Backoff, LONGEST_S } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { fragmentOf, preferCodec, showAtOnce, summary } from "./peer.js";
import { StallDetector } from "./stall_detector.js";
import { WhepEndpoint } from "./whep_endpoint.js";

const WATCH_EVERY_S = 1;
const FIRST_WATCH_S = 0.2;
const LOST = ["failed", "closed"];

/**
 * @import { WhepReport } from "./peer.js"
 * @import { Limits } from "./stall_detector.js"
 * @import { Session } from "./whep_endpoint.js"
 *
 * @typedef {"closed" | "joining" | "live" | "waiting"} WhepState
 * @typedef {{state: WhepState, reason?: string, retry_s?: number, isDenied?: boolean}} WhepConnection
 * @typedef {{
 *   state: WhepConnection,
 *   report: WhepReport & {isConnected: boolean},
 *   stream: {stream: MediaStream, release: () => void},
 * }} WhepEvents
 */

/**
 * A `report` comes about once a second.
 *
 * Browsers paint the video of a closed connection black. So a connection whose stream was handed out stays open, with its
 * last frame, until `release` is called.
 *
 * @extends {Emitter<WhepEvents>}
 */
export class WhepClient extends Emitter {
  #endpoint;
  #codec;
  #limits;
  #backoff;
  /** @type {WhepState} */
  #state = "closed";
  /** @type {Set<RTCPeerConnection>} the one in use, and those that are still shown */
  #open = new Set();
  /** @type {RTCPeerConnection | undefined} the one that is not given away yet */
  #unseen;
  /** @type {Session | undefined} */
  #session;
  #stall = new StallDetector(0);
  #attempt = new AbortController();
  #timer = 0;

  /**
   * @param {URL | string} url of the WHEP endpoint
   * @param {{
   *   token?: string, codec?: "h264" | "vp8" | "", limits?: Partial<Limits>, longestRetry_s?: number,
   * }} [options]
   */
  constructor(url, { token = "", codec = "", limits = {}, longestRetry_s = LONGEST_S } = {}) {
    super();
    const address = new URL(url, location.href);
    if (codec) address.searchParams.set("codec", codec);
    this.#endpoint = new WhepEndpoint(address, token);
    this.#codec = codec;
    this.#limits = limits;
    this.#backoff = new Backoff(longestRetry_s);
    addEventListener("pagehide", () => this.#vanish());
    addEventListener("pageshow", (event) => event.persisted && this.#state !== "closed" && this.#begin());
  }

  get state() {
    return this.#state;
  }

  /** Join, and stay joined until `stop`. */
  start() {
    if (this.#state === "closed") this.#begin();
  }

  /** Join at once if waiting, or if the connection may be to a server that is gone. */
  rejoin() {
    const isDoubtful = this.#state === "live" && !this.#stall.isFresh(performance.now());
    if (this.#state === "waiting" || isDoubtful) this.#begin();
  }

  stop() {
    this.#leave();
    this.#become("closed");
  }

  async #begin() {
    this.#leave();
    this.#become("joining");
    const { signal } = (this.#attempt = new AbortController());
    try {
      await this.#watch(await this.#join(signal), signal);
    } catch (error) {
      if (!signal.aborted) this.#retry(/** @type {Error} */ (error));
    }
  }

  /** @param {AbortSignal} signal */
  async #join(signal) {
    const pc = this.#connect(signal);
    const { sdp = "" } = await pc.createOffer();
    signal.throwIfAborted();
    const session = await this.#endpoint.offer(sdp);
    if (signal.aborted) this.#endpoint.leave(session);
    signal.throwIfAborted();
    this.#session = session;
    // Gathering begins with the local description, so the ICE servers that came with the answer are used at once.
    if (session.iceServers.length) pc.setConfiguration({ ...pc.getConfiguration(), iceServers: session.iceServers });
    pc.onicecandidate = ({ candidate }) =>
      candidate && !signal.aborted && this.#endpoint.trickle(session, fragmentOf(candidate, sdp));
    await pc.setLocalDescription({ type: "offer", sdp });
    signal.throwIfAborted();
    await pc.setRemoteDescription({ type: "answer", sdp: session.answer });
    signal.throwIfAborted();
    return pc;
  }

  /** @param {AbortSignal} signal */
  #connect(signal) {
    const pc = (this.#unseen = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    this.#open.add(pc);
    const transceiver = pc.addTransceiver("video", { direction: "recvonly" });
    preferCodec(transceiver, this.#codec);
    showAtOnce(transceiver.receiver);
    pc.ontrack = ({ track, streams }) => {
      this.#unseen = undefined;
      this.emit("stream", { stream: streams[0] ?? new MediaStream([track]), release: () => this.#close(pc) });
    };
    pc.onconnectionstatechange = () => {
      if (LOST.includes(pc.connectionState) && !signal.aborted) this.#retry(new Error("The connection was lost."));
    };
    return pc;
  }

  /**
   * Check regularly that pictures keep coming.
   *
   * @param {RTCPeerConnection} pc
   * @param {AbortSignal} signal
   */
  async #watch(pc, signal) {
    const stall = (this.#stall = new StallDetector(performance.now(), this.#limits));
    for (;;) {
      await this.#sleep(this.#state === "live" ? WATCH_EVERY_S : FIRST_WATCH_S);
      const report = { ...summary(await pc.getStats()), isConnected: pc.connectionState === "connected" };
      signal.throwIfAborted();
      const reason = stall.judge(report, performance.now());
      if (reason) throw new Error(reason);
      if (stall.hasPicture) this.#playing();
      this.emit("report", report);
    }
  }

  #playing() {
    this.#backoff.reset();
    if (this.#state !== "live") this.#become("live");
  }

  /** @param {Error & {retryAfter_s?: number, isDenied?: boolean}} error */
  #retry(error) {
    this.#leave();
    const retry_s = this.#backoff.next(error.retryAfter_s);
    const reason =
      error instanceof TypeError || error.name === "TimeoutError" ? "The server does not answer." : error.message;
    this.#become("waiting", { reason, retry_s, isDenied: error.isDenied });
    this.#timer = setTimeout(() => this.#begin(), retry_s * 1000);
  }

  /** End the session; a stream that was handed out stays visible. */
  #leave() {
    clearTimeout(this.#timer);
    this.#attempt.abort();
    if (this.#unseen) this.#close(this.#unseen);
    if (this.#session) this.#endpoint.leave(this.#session);
    this.#session = undefined;
  }

  /** Close everything when the page is left; else the browser cannot keep it in its back/forward cache. */
  #vanish() {
    this.#leave();
    for (const pc of this.#open) this.#close(pc);
  }

  /** @param {RTCPeerConnection} pc */
  #close(pc) {
    if (pc === this.#unseen) this.#unseen = undefined;
    this.#open.delete(pc);
    pc.close();
  }

  /** @param {number} time_s */
  #sleep(time_s) {
    return new Promise((resolve) => (this.#timer = setTimeout(resolve, time_s * 1000)));
  }

  /**
   * @param {WhepState} state
   * @param {{reason?: string, retry_s?: number, isDenied?: boolean}} [why]
   */
  #become(state, why = {}) {
    this.#state = state;
    this.emit("state", { state, ...why });
  }
}
