/** Helpers for an RTCPeerConnection that receives video, and for what browsers name differently. */

/**
 * `signs` grows with everything that comes from the server, connectivity checks and handshakes included.
 *
 * @typedef {{
 *   decoded: number, dropped: number, lost: number, packets: number, signs: number, buffer_s: number, round_trip_s: number,
 * }} WhepReport
 */

/**
 * @param {RTCIceCandidate} candidate
 * @param {string} offer the SDP that it belongs to
 * @returns {string} what WHEP's PATCH wants (RFC 8840)
 */
export function fragmentOf({ candidate, sdpMid }, offer) {
  const line = (/** @type {string} */ start) => offer.split("\r\n").find((text) => text.startsWith(start));
  const credentials = [line("a=ice-ufrag:"), line("a=ice-pwd:")];
  return [...credentials, line("m="), `a=mid:${sdpMid}`, `a=${candidate}`, ""].join("\r\n");
}

/**
 * @param {RTCRtpTransceiver} transceiver
 * @param {string} codec "h264", "vp8", or empty for the browser's own order
 */
export function preferCodec(transceiver, codec) {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const isFirst = (/** @type {RTCRtpCodec} */ c) => c.mimeType.toLowerCase() === `video/${codec}`;
  if (!codecs.some(isFirst)) return;
  transceiver.setCodecPreferences?.([...codecs.filter(isFirst), ...codecs.filter((c) => !isFirst(c))]);
}

/**
 * Show frames as soon as they are complete, under either name that browsers have for it.
 *
 * @param {RTCRtpReceiver & {playoutDelayHint?: number}} receiver
 */
export function showAtOnce(receiver) {
  const name = "jitterBufferTarget" in receiver ? "jitterBufferTarget" : "playoutDelayHint";
  if (name in receiver) receiver[name] = 0;
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
    packets: video.packetsReceived ?? 0,
    signs: all.reduce((sum, s) => sum + signsIn(s), 0),
    buffer_s: (video.jitterBufferDelay ?? 0) / (video.jitterBufferEmittedCount || 1),
    round_trip_s: pair.currentRoundTripTime ?? 0,
  };
}

/** @param {Record<string, any>} s one of the statistics */
function signsIn({ type, bytesReceived = 0, packetsReceived = 0, requestsReceived = 0, responsesReceived = 0 }) {
  if (type !== "candidate-pair" && type !== "transport") return 0;
  return bytesReceived + packetsReceived + requestsReceived + responsesReceived;
}
