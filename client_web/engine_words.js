/** What the engine is doing, in words, for each of its states but those in which all is well. */

/** @type {Record<string, string>} */
export const ENGINE_WORDS = {
  starting: "Starting the engine",
  loading: "Loading the model",
  warming: "Filling the queue from noise",
  restarting: "Starting the engine again",
  stalled: "The engine is not answering",
  stopped: "The engine has stopped",
  failed: "The engine cannot run",
};
