/** Addresses on the server, and what the address of a page asks for. */

/** This file is `<server>/web/lib/urls.js`, so a server behind a path prefix is found as well. */
const SERVER = new URL("../../", import.meta.url);

/**
 * @param {string} path relative to the server's root, for example "whep"
 * @returns {URL}
 */
export function serverUrl(path) {
  return new URL(path, SERVER);
}

/**
 * @param {string} path
 * @returns {URL} the same address, for a WebSocket
 */
export function socketUrl(path) {
  const url = serverUrl(path);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/**
 * The token in the page's address. One that came as `?token=` moves into the fragment, which browsers do not send on.
 *
 * @returns {string} empty if there is none
 */
export function pageToken() {
  const url = new URL(location.href);
  const inQuery = url.searchParams.get("token");
  if (inQuery) {
    url.searchParams.delete("token");
    url.hash = `token=${encodeURIComponent(inQuery)}`;
    history.replaceState(history.state, "", url);
  }
  // A plus is taken literally, because tokens are pasted unencoded.
  return new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B")).get("token") ?? "";
}

/**
 * @param {string} path
 * @param {string} token
 * @returns {URL} the address of a page, with the token where that page looks for it
 */
export function pageUrl(path, token) {
  const url = serverUrl(path);
  if (token) url.hash = `token=${encodeURIComponent(token)}`;
  return url;
}

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @returns {boolean} present and not switched off: `?slate`, `?slate=1`
 */
export function isOn(query, name) {
  return query.has(name) && !["0", "false", "off"].includes(query.get(name) ?? "");
}
