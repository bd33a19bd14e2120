/** ICE servers from the Link header of a WHEP server. */

const LINK = /<([^>]+)>([^<]*)/g;
const PARAMETER = /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/g;

/**
 * @param {string | null} header for example `<turn:t.example>; rel="ice-server"; username="u"; credential="c"`
 * @returns {RTCIceServer[]}
 */
export function iceServersOf(header) {
  return [...(header ?? "").matchAll(LINK)]
    .map(([, url, rest]) => ({ url, link: parameters(rest) }))
    .filter(({ link }) => link.rel === "ice-server")
    .map(({ url, link: { username, credential } }) => (username ? { urls: url, username, credential } : { urls: url }));
}

/**
 * @param {string} text what follows the address of one link
 * @returns {Record<string, string>}
 */
function parameters(text) {
  const unquoted = (/** @type {string} */ value) => value.replace(/\\(.)/g, "$1");
  return Object.fromEntries(
    [...text.matchAll(PARAMETER)].map(([, name, quoted, bare]) => [name, bare ?? unquoted(quoted)]),
  );
}
