/** What a viewer does with its RTCPeerConnection, under the names that the browsers give it. */

const GATHERING_TIMEOUT_S = 1;

/**
 * @typedef {{decoded: number, dropped: number, lost: number, buffer_s: number, round_trip_s: number}} WhepReport
 */

/** @param {RTCPeerConnection} pc resolves when all candidates are known, or after a time: the server can do without. */
export function gathered(pc) {
  return new Promise((resolve) => {
    setTimeout(resolve, GATHERING_TIMEOUT_S * 1000);
    pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && resolve());
    if (pc.iceGatheringState === "complete") resolve();
  });
}

/**
 * @param {RTCRtpTransceiver} transceiver
 * @param {string} codec "h264", "vp8", or empty for the browser's own order
 */
export function preferCodec(transceiver, codec) {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const isFirst = (c) => c.mimeType.toLowerCase() === `video/${codec}`;
  if (!codecs.some(isFirst)) return;
  transceiver.setCodecPreferences?.([...codecs.filter(isFirst), ...codecs.filter((c) => !isFirst(c))]);
}

/** @param {RTCRtpReceiver} receiver whose frames are shown as soon as they are complete, under either name of the knob */
export function showAtOnce(receiver) {
  if ("jitterBufferTarget" in receiver) receiver.jitterBufferTarget = 0;
  else if ("playoutDelayHint" in receiver) receiver.playoutDelayHint = 0;
}

/**
 * @param {RTCStatsReport} stats
 * @returns {WhepReport}
 */
export function summary(stats) {
  const all = [...stats.values()];
  const video = all.find((s) => s.type === "inbound-rtp" && s.kind === "video") ?? {};
  const pair = all.find((s) => s.type === "candidate-pair" && s.state === "succeeded") ?? {};
  return {
    decoded: video.framesDecoded ?? 0,
    dropped: video.framesDropped ?? 0,
    lost: video.packetsLost ?? 0,
    buffer_s: (video.jitterBufferDelay ?? 0) / (video.jitterBufferEmittedCount || 1),
    round_trip_s: pair.currentRoundTripTime ?? 0,
  };
}
