/** The few things that all views do with the page. */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * Write only what is new, so that screen readers and selections are left alone.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = false;
}

/**
 * @param {HTMLElement} element
 * @param {string} text empty: the element goes away
 */
export function setTextOrHide(element, text) {
  setText(element, text);
  element.hidden = !text;
}

/**
 * @param {string} tag
 * @param {object} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
