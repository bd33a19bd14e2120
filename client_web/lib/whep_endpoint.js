/** Requests of WHEP: an offer, candidates, and the end of a session. */

import { LONGEST_S } from "./backoff.js";
import { iceServersOf } from "./ice_links.js";

/** Long enough for connections with seconds of round-trip time. */
const ANSWER_TIMEOUT_S = 15;
const TOKEN_WANTED = "The server requires a valid token.";

/** Error for a refused request; `message` is a sentence for the user. */
export class Refusal extends Error {
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

/** @typedef {{url: string, etag: string | null, answer: string, iceServers: RTCIceServer[]}} Session */

export class WhepEndpoint {
  #url;
  #token;

  /**
   * @param {URL} url
   * @param {string} token empty if there is none
   */
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * @param {string} sdp
   * @returns {Promise<Session>}
   */
  async offer(sdp) {
    const response = await this.#fetch("POST", this.#url, { "Content-Type": "application/sdp" }, sdp);
    const answer = await response.text();
    if (response.status !== 201) throw refusal(response);
    const url = new URL(response.headers.get("Location") ?? "", response.url).href;
    const iceServers = iceServersOf(response.headers.get("Link"));
    return { url, etag: response.headers.get("ETag"), answer, iceServers };
  }

  /**
   * @param {Session} session
   * @param {string} fragment
   */
  trickle({ url, etag }, fragment) {
    const headers = { "Content-Type": "application/trickle-ice-sdpfrag", ...(etag && { "If-Match": etag }) };
    // A server that takes no candidates learns them from the connectivity checks.
    this.#fetch("PATCH", url, headers, fragment).catch(() => {});
  }

  /** @param {Session} session */
  leave({ url }) {
    // If the DELETE fails, the server is gone and the session with it.
    this.#fetch("DELETE", url).catch(() => {});
  }

  /**
   * @param {string} method
   * @param {URL | string} url
   * @param {Record<string, string>} [headers]
   * @param {string} [body]
   */
  #fetch(method, url, headers = {}, body = undefined) {
    // A token may hold characters that a header may not; the server decodes it.
    if (this.#token) headers.Authorization = `Bearer ${encodeURIComponent(this.#token)}`;
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_S * 1000);
    return fetch(url, { method, headers, body, signal, keepalive: method === "DELETE" });
  }
}

/** @param {Response} response */
function refusal({ status, headers }) {
  const how = { retryAfter_s: Number(headers.get("Retry-After")) || 0 };
  if (status === 401 || status === 403) return new Refusal(TOKEN_WANTED, { retryAfter_s: LONGEST_S, isDenied: true });
  if (status === 429) return new Refusal("Too many wrong tokens from this address.", how);
  if (status === 503) return new Refusal("The server has reached its limit of viewers.", how);
  if (status === 409) return new Refusal("The stream has not started yet.", how);
  return new Refusal(`The server refused the viewer (HTTP ${status}).`, how);
}
