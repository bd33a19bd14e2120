/** The requests of WHEP: an offer, candidates, and the end of a session. */

import { LONGEST_S } from "./backoff.js";
import { iceServersOf } from "./ice_links.js";

/** Long enough for a connection that takes seconds for each way there and back. */
const ANSWER_TIMEOUT_S = 15;
const TOKEN_WANTED = "The server wants a valid token.";

/** The server said no; `message` is a sentence for the user. */
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
    // A server that does not take candidates learns them from our connectivity checks.
    this.#fetch("PATCH", url, headers, fragment).catch(() => {});
  }

  /** @param {Session} session */
  leave({ url }) {
    // A session that cannot be deleted (the server is gone) has ended as well.
    this.#fetch("DELETE", url).catch(() => {});
  }

  /**
   * @param {string} method
   * @param {URL | string} url
   * @param {Record<string, string>} [headers]
   * @param {string} [body]
   */
  #fetch(method, url, headers = {}, body = undefined) {
    // A header holds fewer characters than a token may; the server takes it either way.
    if (this.#token) headers.Authorization = `Bearer ${encodeURIComponent(this.#token)}`;
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_S * 1000);
    return fetch(url, { method, headers, body, signal, keepalive: method === "DELETE" });
  }
}

/** @param {Response} response */
function refusal({ status, headers }) {
  const how = { retryAfter_s: Number(headers.get("Retry-After")) || 0 };
  if (status === 401 || status === 403) return new Refusal(TOKEN_WANTED, { retryAfter_s: LONGEST_S, isDenied: true });
  if (status === 429) return new Refusal("Too many wrong tokens came from this address.", how);
  if (status === 503) return new Refusal("The server has no place for another viewer right now.", how);
  if (status === 409) return new Refusal("The stream has not begun yet.", how);
  return new Refusal(`The server refused the viewer (HTTP ${status}).`, how);
}
