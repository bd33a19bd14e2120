/** What a page's address asks for behind its `?`. */

/**
 * @param {URLSearchParams} query
 * @param {string} name
 * @returns {boolean} present and not switched off: `?slate`, `?slate=1`
 */
export function isOn(query, name) {
  return query.has(name) && !["0", "false", "off"].includes(query.get(name));
}
