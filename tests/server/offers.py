"""Offers of other peers."""

from aiortc import RTCConfiguration, RTCPeerConnection

SDP = {"Content-Type": "application/sdp"}


async def make_offer(kind: str = "video", direction: str = "recvonly", codec: str = "") -> str:
    """Return an offer of another peer."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver(kind, direction=direction)
    await connection.setLocalDescription(await connection.createOffer())
    offer: str = connection.localDescription.sdp
    await connection.close()
    return offer.replace("H264", codec).replace("VP8", codec) if codec else offer
