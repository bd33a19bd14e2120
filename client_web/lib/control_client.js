/** Client of the control WebSocket: requests with their answers, and what the server sends by itself. */

import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";

/** Longer than the server waits for its engine, which may be starting. */
const ANSWER_TIMEOUT_S = 40;

/** Close codes for a missing or wrong token. */
const DENIED = [4401, 4403];

/**
 * @import { Accepted, ClientMessage, Error as Refused, Log, OnAir, Queue } from "./protocol.js"
 * @import { ServerMessage, State, Stats, Subscribe } from "./protocol.js"
 *
 * @typedef {"closed" | "connecting" | "open" | "waiting"} ControlState
 * @typedef {{state: ControlState, reason?: string, isDenied?: boolean, retry_s?: number}} ControlConnection
 * @typedef {{
 *   connection: ControlConnection,
 *   error: Refused, on_air: OnAir, state: State, queue: Queue, stats: Stats, log: Log,
 * }} ControlEvents
 * @typedef {{resolve: (answer: Accepted) => void, reject: (error: Error) => void, timer: number}} Pending
 */

/** Error for a request that was refused or not answered; `message` is a sentence for the user. */
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

/**
 * Emits each message of the server that is no answer, under the name of its type.
 *
 * @extends {Emitter<ControlEvents>}
 */
export class ControlClient extends Emitter {
  #url;
  #backoff = new Backoff();
  /** @type {ControlState} */
  #state = "closed";
  /** @type {WebSocket | undefined} */
  #socket;
  #channels;
  #nextId = 1;
  /** @type {Map<string, Pending>} requests without an answer yet, by id */
  #pending = new Map();
  #timer = 0;

  /**
   * @param {URL} url of the WebSocket
   * @param {{token?: string, channels?: Subscribe["channels"]}} [options] channels to subscribe to on every connection
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
   */
  prompt(text, how = {}) {
    return this.#request({ type: "prompt", text, ...how });
  }

  /** @param {{guidance?: number, seed?: number}} values */
  set(values) {
    return this.#request({ type: "set", ...values });
  }

  pause() {
    return this.#request({ type: "pause" });
  }

  resume() {
    return this.#request({ type: "resume" });
  }

  cut() {
    return this.#request({ type: "cut" });
  }

  /**
   * @param {ClientMessage} message
   * @returns {Promise<Accepted>}
   */
  #request(message) {
    if (this.#state !== "open") return Promise.reject(unconnected());
    const id = String(this.#nextId++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#take(id)?.reject(unanswered()), ANSWER_TIMEOUT_S * 1000);
      this.#pending.set(id, { resolve, reject, timer });
      this.#send({ ...message, id });
    });
  }

  /** @param {ClientMessage} message */
  #send(message) {
    this.#socket?.send(JSON.stringify(message));
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
    if (this.#channels.length) this.#send({ type: "subscribe", channels: this.#channels });
  }

  /** @param {ServerMessage} message */
  #onMessage(message) {
    // Not already on opening: a server that refuses a client opens the connection first, to say why.
    this.#backoff.reset();
    const request = "id" in message ? this.#take(String(message.id)) : undefined;
    if (message.type === "accepted") request?.resolve(message);
    else if (message.type === "error" && request) request.reject(new ControlError(message.code, message.message));
    else this.emit(message.type, /** @type {any} */ (message));
  }

  /** @param {CloseEvent} event */
  #onClose({ code, reason }) {
    this.#rejectAll();
    if (this.#state === "closed") return;
    // Another try with the same token would be refused as well.
    if (DENIED.includes(code)) return this.#become("closed", { reason, isDenied: true });
    const retry_s = this.#backoff.next();
    this.#become("waiting", { reason: reason || "The server does not answer.", retry_s });
    this.#timer = setTimeout(() => this.#connect(), retry_s * 1000);
  }

  #rejectAll() {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(unanswered());
  }

  /**
   * @param {string} id
   * @returns {Pending | undefined} the request, which waits no longer
   */
  #take(id) {
    const request = this.#pending.get(id);
    clearTimeout(request?.timer);
    this.#pending.delete(id);
    return request;
  }

  /**
   * @param {ControlState} state
   * @param {{reason?: string, isDenied?: boolean, retry_s?: number}} [why]
   */
  #become(state, why = {}) {
    this.#state = state;
    this.emit("connection", { state, ...why });
  }
}

function unanswered() {
  return new ControlError("unanswered", "The server did not answer, so it is unknown whether this arrived.");
}

function unconnected() {
  return new ControlError("not_connected", "Not connected to the server. Reconnecting.");
}
