/** Keys that work everywhere. */

/** @param {Record<string, () => void>} actions by key; none while someone types */
export function bindKeys(actions) {
  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  });
}
