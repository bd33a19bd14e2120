/** The control connection: requests with their answers, and what the server tells by itself. */

import { Backoff } from "./backoff.js";

/** Longer than the server waits for its engine, which may be starting. */
const ANSWER_TIMEOUT_S = 40;

/** Close codes of a server that wants another token. */
const DENIED = [4401, 4403];

/** @typedef {"closed" | "connecting" | "open" | "waiting"} ControlState */

/** A request was refused or not answered; `message` is a sentence for the user. */
export class ControlError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Events: `connection` {state, reason, isDenied, retry_s}, and each message of the server under the name of its type. */
export class ControlClient extends EventTarget {
  #url;
  #backoff = new Backoff();
  /** @type {ControlState} */
  #state = "closed";
  /** @type {WebSocket | undefined} */
  #socket;
  #channels;
  #nextId = 1;
  /** @type {Map<string, {resolve: (message: object) => void, reject: (error: Error) => void}>} */
  #pending = new Map();
  #timer = 0;

  /**
   * @param {URL} url of the WebSocket
   * @param {{token?: string, channels?: string[]}} [options] channels to subscribe to on every connection
   */
  constructor(url, { token = "", channels = [] } = {}) {
    super();
    this.#url = new URL(url);
    // A browser cannot set headers on a WebSocket.
    if (token) this.#url.searchParams.set("token", token);
    this.#channels = channels;
  }

  get state() {
    return this.#state;
  }

  open() {
    if (this.#state === "closed") this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#become("closed");
    this.#socket?.close();
    this.#rejectAll();
  }

  /**
   * @param {string} text
   * @param {{transition?: number, urgency?: number}} [how] latents to blend over; 1 = what is born from now on only
   * @returns {Promise<object>} the server's `accepted`
   */
  prompt(text, how = {}) {
    return this.#request("prompt", { text, ...how });
  }

  /** @param {{guidance?: number, seed?: number}} values */
  set(values) {
    return this.#request("set", values);
  }

  pause() {
    return this.#request("pause");
  }

  resume() {
    return this.#request("resume");
  }

  cut() {
    return this.#request("cut");
  }

  /**
   * @param {string} type
   * @param {object} [fields]
   * @returns {Promise<object>}
   */
  #request(type, fields = {}) {
    if (this.#state !== "open") {
      return Promise.reject(
        new ControlError("not_connected", "There is no connection to the server right now; it is being tried again."),
      );
    }
    const id = String(this.#nextId++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id, "reject", unanswered()), ANSWER_TIMEOUT_S * 1000);
      const quiet = (settle) => (value) => (clearTimeout(timer), settle(value));
      this.#pending.set(id, { resolve: quiet(resolve), reject: quiet(reject) });
      this.#socket.send(JSON.stringify({ type, id, ...fields }));
    });
  }

  #connect() {
    this.#become("connecting");
    const socket = (this.#socket = new WebSocket(this.#url));
    socket.onopen = () => this.#onOpen();
    socket.onmessage = ({ data }) => this.#onMessage(JSON.parse(data));
    socket.onclose = (event) => socket === this.#socket && this.#onClose(event);
  }

  #onOpen() {
    this.#become("open");
    if (this.#channels.length) this.#socket.send(JSON.stringify({ type: "subscribe", channels: this.#channels }));
  }

  /** @param {{type: string, id?: string, code?: string, message?: string}} message */
  #onMessage(message) {
    // Only now: a server that sends one away opens the connection first, to say why.
    this.#backoff.reset();
    if (message.type === "accepted") this.#settle(message.id, "resolve", message);
    const isAnswer = message.type === "error" && this.#pending.has(message.id);
    if (isAnswer) this.#settle(message.id, "reject", new ControlError(message.code, message.message));
    else this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  /** @param {CloseEvent} event */
  #onClose({ code, reason }) {
    this.#rejectAll();
    if (this.#state === "closed") return;
    // The next try with the same token would end the same.
    if (DENIED.includes(code)) return this.#become("closed", { reason, isDenied: true });
    const retry_s = this.#backoff.next();
    this.#become("waiting", { reason: reason || "The server does not answer.", retry_s });
    this.#timer = setTimeout(() => this.#connect(), retry_s * 1000);
  }

  #rejectAll() {
    for (const id of [...this.#pending.keys()]) this.#settle(id, "reject", unanswered());
  }

  /**
   * @param {string | undefined} id
   * @param {"resolve" | "reject"} how
   * @param {object} value
   */
  #settle(id, how, value) {
    this.#pending.get(id)?.[how](value);
    this.#pending.delete(id);
  }

  /**
   * @param {ControlState} state
   * @param {{reason?: string, isDenied?: boolean, retry_s?: number}} [why]
   */
  #become(state, why = {}) {
    this.#state = state;
    this.dispatchEvent(new CustomEvent("connection", { detail: { state, ...why } }));
  }
}

function unanswered() {
  return new ControlError("unanswered", "The server did not answer, so it is not known whether this arrived.");
}
