/** A WHEP viewer that stays: it joins, watches over the picture, and comes back by itself when that is gone. */

import { Backoff, LONGEST_S } from "./backoff.js";
import { iceServersOf } from "./ice_links.js";
import { fragmentOf, preferCodec, showAtOnce, summary } from "./peer.js";

const STALL_S = 3;
const ANSWER_TIMEOUT_S = 8;
const WATCH_EVERY_S = 1;
const LOST = ["failed", "closed"];
const FIRST_WATCH_S = 0.1;
const TOKEN_WANTED = "The server wants a valid token.";

/** @typedef {"closed" | "joining" | "live" | "waiting"} WhepState */

class Refusal extends Error {
  /**
   * @param {string} message
   * @param {{retryAfter_s?: number, isDenied?: boolean}} [how]
   */
  constructor(message, { retryAfter_s = 0, isDenied = false } = {}) {
    super(message);
    this.retryAfter_s = retryAfter_s;
    this.isDenied = isDenied;
  }
}

/**
 * Events: `state` {state, reason, retry_s, isDenied} · `stream` {stream} · `report` (see peer.js), once a second.
 */
export class WhepClient extends EventTarget {
  #url;
  #token;
  #codec;
  #stall_s;
  #backoff;
  /** @type {WhepState} */
  #state = "closed";
  /** @type {RTCPeerConnection | undefined} */
  #pc;
  /** @type {string | undefined} where this viewer's session is deleted */
  #session;
  #attempt = new AbortController();
  #timer = 0;

  /**
   * @param {URL | string} url of the WHEP endpoint
   * @param {{token?: string, codec?: "h264" | "vp8" | "", stall_s?: number, longestRetry_s?: number}} [options]
   */
  constructor(url, { token = "", codec = "", stall_s = STALL_S, longestRetry_s = LONGEST_S } = {}) {
    super();
    this.#url = new URL(url, location.href);
    this.#token = token;
    this.#codec = codec;
    if (codec) this.#url.searchParams.set("codec", codec);
    this.#stall_s = stall_s;
    this.#backoff = new Backoff(longestRetry_s);
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#state !== "closed" && this.#begin());
  }

  get state() {
    return this.#state;
  }

  /** Join, and stay joined until `stop`. */
  start() {
    if (this.#state === "closed") this.#begin();
  }

  /** There is news of the server: do not sit out the wait, nor trust a connection that may be to one that is gone. */
  rejoin() {
    if (this.#state === "waiting" || this.#state === "live") this.#begin();
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
      await this.#join(signal);
      await this.#watch(signal);
    } catch (error) {
      if (!signal.aborted) this.#retry(error);
    }
  }

  /** @param {AbortSignal} signal */
  async #join(signal) {
    const pc = this.#connect(signal);
    const offer = await pc.createOffer();
    signal.throwIfAborted();
    const { answer, iceServers, trickle } = await this.#post(offer.sdp, signal);
    signal.throwIfAborted();
    // Gathering begins with the local description, so the ICE servers that came with the answer are used at once.
    if (iceServers.length) pc.setConfiguration({ ...pc.getConfiguration(), iceServers });
    pc.onicecandidate = ({ candidate }) => candidate && trickle(fragmentOf(candidate, offer.sdp));
    await pc.setLocalDescription(offer);
    signal.throwIfAborted();
    await pc.setRemoteDescription({ type: "answer", sdp: answer });
    signal.throwIfAborted();
  }

  /** @param {AbortSignal} signal */
  #connect(signal) {
    const pc = (this.#pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    const transceiver = pc.addTransceiver("video", { direction: "recvonly" });
    preferCodec(transceiver, this.#codec);
    showAtOnce(transceiver.receiver);
    pc.ontrack = ({ track, streams }) => this.#emit("stream", { stream: streams[0] ?? new MediaStream([track]) });
    pc.onconnectionstatechange = () => {
      if (LOST.includes(pc.connectionState) && !signal.aborted) this.#retry(new Error("The connection was lost."));
    };
    return pc;
  }

  /**
   * @param {string} sdp
   * @param {AbortSignal} signal
   * @returns {Promise<{answer: string, iceServers: RTCIceServer[], trickle: (fragment: string) => void}>}
   */
  async #post(sdp, signal) {
    const response = await this.#fetch("POST", this.#url, { "Content-Type": "application/sdp" }, sdp);
    const answer = await response.text();
    if (response.status !== 201) throw refusal(response);
    const session = new URL(response.headers.get("Location") ?? "", response.url).href;
    if (signal.aborted) this.#delete(session);
    else this.#session = session;
    const iceServers = iceServersOf(response.headers.get("Link"));
    return { answer, iceServers, trickle: (fragment) => this.#patch(session, response.headers.get("ETag"), fragment) };
  }

  /**
   * @param {string} session
   * @param {string | null} etag
   * @param {string} fragment
   */
  #patch(session, etag, fragment) {
    const headers = { "Content-Type": "application/trickle-ice-sdpfrag", ...(etag && { "If-Match": etag }) };
    // A server that does not take candidates learns them from our connectivity checks.
    this.#fetch("PATCH", session, headers, fragment).catch(() => {});
  }

  /**
   * See to it that pictures keep coming.
   *
   * @param {AbortSignal} signal
   */
  async #watch(signal) {
    let decoded = 0;
    let last = performance.now();
    for (;;) {
      await this.#sleep(this.#state === "live" ? WATCH_EVERY_S : FIRST_WATCH_S);
      const report = summary(await this.#pc.getStats());
      signal.throwIfAborted();
      this.#emit("report", report);
      const now = performance.now();
      if (report.decoded > decoded) {
        [decoded, last] = [report.decoded, now];
        this.#playing();
      } else if (now - last > this.#stall_s * 1000) {
        throw new Error(`No picture for ${this.#stall_s} seconds.`);
      }
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

  #leave() {
    clearTimeout(this.#timer);
    this.#attempt.abort();
    this.#pc?.close();
    if (this.#session) this.#delete(this.#session);
    this.#pc = this.#session = undefined;
  }

  /** @param {string} session */
  #delete(session) {
    // A session that can not be deleted (the server is gone) has ended as well.
    this.#fetch("DELETE", session).catch(() => {});
  }

  /**
   * @param {string} method
   * @param {URL | string} url
   * @param {Record<string, string>} [headers]
   * @param {string} [body]
   */
  #fetch(method, url, headers = {}, body = undefined) {
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_S * 1000);
    return fetch(url, { method, headers, body, signal, keepalive: method === "DELETE" });
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
    this.#emit("state", { state, ...why });
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {Response} response */
function refusal({ status, headers }) {
  const how = { retryAfter_s: Number(headers.get("Retry-After")) || 0 };
  if (status === 401 || status === 403) return new Refusal(TOKEN_WANTED, { retryAfter_s: LONGEST_S, isDenied: true });
  if (status === 503) return new Refusal("The server has no place for another viewer right now.", how);
  if (status === 409) return new Refusal("The stream has not begun yet.", how);
  return new Refusal(`The server refused the viewer (HTTP ${status}).`, how);
}
