"""Tests of how offers are read: which are taken, what is answered, and what those hear that are not."""

import random
import re
from pathlib import Path

import pytest

from server.media.codec import Codec
from server.media.outputs.webrtc.offer import Offer, is_restart
from server.media.outputs.webrtc.sdp import MAX_SECTIONS, OfferError
from server.media.outputs.webrtc.video_format import UnsupportedOfferError

OFFERS = {path.stem: path.read_bytes().decode() for path in sorted(Path(__file__).parent.joinpath("offers").iterdir())}
CHROMIUM = OFFERS["chromium"]
MANY = "a=group:BUNDLE 0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n" * MAX_SECTIONS


def read(offer: str, *codecs: Codec) -> Offer:
    return Offer.read(offer, codecs or list(Codec))


def only(*lines: str) -> str:
    """Return an offer of one video section with these formats, all of number 96."""
    kept = [line for line in OFFERS["aiortc"].split("\r\n") if not re.match("a=(rtpmap|fmtp|rtcp-fb|ssrc)", line)]
    kept = [re.sub(r"(m=video \d+ \S+) .*", r"\1 96", line) for line in kept]
    return "\r\n".join([*kept[:-1], *lines, ""])


def without(offer: str, pattern: str) -> str:
    return re.sub(rf"{pattern}\r\n", "", offer)


H264 = "a=rtpmap:96 H264/90000"


@pytest.mark.parametrize("name", OFFERS)
def test_the_offers_of_all_known_clients_are_taken(name: str) -> None:
    """What browsers, GStreamer and the libraries for Node send, which were all seen to play."""
    offer = read(OFFERS[name])
    assert offer.codec == (Codec.VP8 if name in ("aiortc", "firefox", "gst_vp8", "wrtc") else Codec.H264)
    assert offer.credentials.username in OFFERS[name]


@pytest.mark.parametrize(
    "offer",
    [
        only(H264, "a=fmtp:96 profile-level-id=42e01f; packetization-mode=1; level-asymmetry-allowed=1"),
        only(H264, "a=fmtp:96 profile-level-id=42E01F;packetization-mode=1"),
        only(H264, "a=fmtp:96 packetization-mode=1"),
        only("a=rtpmap:96 h264/90000", "a=fmtp:96 Packetization-Mode=1;profile-level-id=42c034"),
        only("a=rtpmap:96 VP8/90000", "a=rtcp-fb:* nack", "a=rtcp-fb:96", "a=fmtp:97 x=1", "a=fmtp:96 max-fs=nonsense"),
        only("a=rtpmap:96 VP8/90000").replace(" 96", " 39").replace(":96", ":39"),
        only("a=rtpmap:96 VP8/90000", "a=extmap:3 urn:x with attributes", "a=extmap:99999 urn:y", "a=extmap:"),
        without(CHROMIUM, "a=recvonly"),
        without(CHROMIUM, "a=recvonly").replace("t=0 0\r\n", "t=0 0\r\na=recvonly\r\n"),
        CHROMIUM.replace("a=mid:0\r\n", "a=mid:0\r\na=candidate:foo\r\na=candidate:1 1 udp x y z\r\n"),
        CHROMIUM.replace("a=setup:actpass", "a=setup:active"),
        CHROMIUM.replace("\r\n", "\n"),
        "\r\n" + CHROMIUM,
        CHROMIUM + "a=simulcast:recv 1;2\r\na=rid:1 recv\r\na=\r\nz=0 0\r\nb=AS:100000000000000000000\r\n",
        without(without(OFFERS["aiortc"], "a=mid:0"), "a=group.*"),
    ],
)
def test_legal_offers_are_taken(offer: str) -> None:
    """Spaces in parameters, defaults, attributes at session level, and what is not understood but does not matter."""
    assert read(offer).codec in set(Codec)


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        ("", "v=0"),
        ("hello", "v=0"),
        ("v=0\r\nm=garbage\r\n", "Line 2"),
        ("v=0\r\nnonsense\r\n", "Line 2"),
        (CHROMIUM + "a=" + "x" * 3000, "more than 2000 characters"),
        (CHROMIUM + "a=x\r\n" * 2000, "more than 2000 lines"),
        (CHROMIUM + MANY, f"more than {MAX_SECTIONS} media sections"),
        (without(CHROMIUM, "a=fingerprint.*"), "fingerprint"),
        (CHROMIUM.replace("a=fingerprint:sha-256 A7", "a=fingerprint:sha-256 A"), "fingerprint"),
        (CHROMIUM.replace("sha-256", "sha-1"), "fingerprint"),
        (without(CHROMIUM, "a=ice-ufrag.*"), "ICE name"),
        (re.sub("a=ice-pwd:.*\r\n", "a=ice-pwd:short\r\n", CHROMIUM), "ICE name"),
        (CHROMIUM.replace("a=setup:actpass", "a=setup:holdconn"), "DTLS"),
        (without(CHROMIUM, "a=setup:.*"), "DTLS"),
        (CHROMIUM.replace("a=mid:1", "a=mid:0"), "same name"),
        (CHROMIUM.replace("a=mid:0", "a=mid:" + "x" * 33), "at most 32"),
        (CHROMIUM.replace("a=mid:0", "a=mid:a b"), "token"),
    ],
)
def test_bad_offers_are_refused_in_plain_words(offer: str, words: str) -> None:
    """What breaks the rules is no offer, and the sentence says where."""
    with pytest.raises(OfferError, match=words) as caught:
        read(offer)
    assert caught.value.code == "bad_offer" and is_plain(str(caught.value))


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (only(H264), "packetization-mode=1"),
        (only(H264, "a=fmtp:96 packetization-mode=0;profile-level-id=42e01f"), "packetization-mode=1"),
        (only(H264, "a=fmtp:96 packetization-mode=1;profile-level-id=640032"), "Baseline"),
        (only(H264, "a=fmtp:96 packetization-mode=1;profile-level-id=zzzzzz"), "Baseline"),
        (only("a=rtpmap:96 AV9/90000"), "none of the codecs H264, VP8"),
        (only("a=rtpmap:96 VP8/8000"), "none of the codecs"),
        (only("a=rtpmap:72 VP8/90000").replace(" 96", " 72"), "none of the codecs"),
        (CHROMIUM.replace("a=recvonly", "a=sendonly"), "does not ask to receive"),
        (CHROMIUM.replace("a=recvonly", "a=inactive"), "does not ask to receive"),
        (re.sub(r"m=video \d+", "m=video 0", CHROMIUM), "no video"),
        (CHROMIUM.replace("m=video", "m=picture"), "no video"),
        (without(CHROMIUM, "a=rtcp-mux"), "rtcp-mux"),
    ],
)
def test_offers_that_cannot_be_fulfilled_say_what_is_missing(offer: str, words: str) -> None:
    """What follows the rules and wants what there is not."""
    with pytest.raises(UnsupportedOfferError, match=words) as caught:
        read(offer)
    assert is_plain(str(caught.value))


def test_the_wish_for_a_codec_is_heard_within_what_is_offered() -> None:
    """The first codec that both know is chosen; of H264's profiles, Constrained Baseline before Baseline."""
    assert [read(CHROMIUM, codec).codec for codec in Codec] == list(Codec)
    assert read(OFFERS["gst_vp8"], Codec.H264, Codec.VP8).codec is Codec.VP8
    section = read(CHROMIUM, Codec.H264).video_only()
    assert "profile-level-id=42e01f" in section and "rtx/90000" in section


def test_other_sections_are_answered_as_what_they_get() -> None:
    """An audio section beside the video is inactive; one of another transport, or kind, is refused."""
    offer = CHROMIUM + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n"
    ours = "v=0\r\na=group:BUNDLE 0\r\nm=video 5 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:mine\r\na=sendonly\r\n"
    bundled = read(offer.replace("BUNDLE 0 1", "BUNDLE 0 1 2 nobody")).whole_answer(ours).split("\r\n")
    assert [line for line in bundled if line[:2] in ("m=", "a=")] == [
        *("a=group:BUNDLE 0 1", "m=video 5 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=ice-ufrag:mine", "a=sendonly"),
        *("m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=inactive", "a=mid:1", "a=rtcp-mux", "a=rtpmap:111 opus/48000/2"),
        *("a=ice-ufrag:mine", "m=application 0 UDP/DTLS/SCTP webrtc-datachannel", "a=inactive", "a=mid:2"),
    ]
    alone = read(without(offer, "a=group.*")).whole_answer(ours)
    assert "m=audio 0 " in alone and "BUNDLE" not in alone


def test_only_what_was_understood_goes_on() -> None:
    """The offer for aiortc is made anew: no line of the other's own making is in it."""
    strange = CHROMIUM.replace(
        "a=mid:0\r\n", "a=mid:0\r\na=strange:\x00\u2028m=video\r\na=candidate:1 1 udp 1 1.1.1.1 5\r\n"
    )
    assert not re.search("strange|candidate|\x00|\u2028", read(strange).video_only())


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("a=candidate:1 1 udp 1 192.0.2.1 5000 typ host", False),
        ("a=ice-ufrag:dvTO\r\na=ice-pwd:HleS3ICEItNRbl/r4zFdc/8y\r\nm=video 9 RTP/SAVPF 0\r\na=ice-ufrag:dvTO", False),
        ("a=ice-ufrag:another", True),
        ("a=ice-ufrag:dvTO\r\na=ice-pwd:another", True),
        ("m=video 9 RTP/SAVPF 0\na=mid:0\na=ice-ufrag:another", True),
    ],
)
def test_a_restart_is_known_by_its_credentials(fragment: str, expected: bool) -> None:
    """A name or a password that is not the session's."""
    assert is_restart(fragment, read(CHROMIUM).credentials) is expected


def is_plain(sentence: str) -> bool:
    """Return whether a sentence is one of ours, without words of the language behind it."""
    return sentence.endswith(".") and not re.search(
        r"Error|None|not enough values|invalid literal|'\w+' object", sentence
    )


PIECES = [
    "",
    "0",
    "-1",
    "99999999999999999999",
    "٣",
    "1e9",
    "x" * 3000,
    "\x00",
    "é",
    "m=",
    "a=",
    "video",
    "::1",
    "H264",
    "apt=",
]


def mutated(offer: str, dice: random.Random) -> str:
    """Return an offer with a few faults in it."""
    lines = offer.split("\r\n")
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        place, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        words = re.split("([ :/=])", lines[place])
        match dice.randrange(7):
            case 0:
                lines[place] = ""
            case 1:
                lines.insert(place, lines[other])
            case 2:
                lines[place], lines[other] = lines[other], lines[place]
            case 3:
                words[dice.randrange(len(words))] = dice.choice(PIECES)
                lines[place] = "".join(words)
            case 4:
                lines[place] = lines[place][: dice.randrange(len(lines[place]) + 1)]
            case 5:
                lines = lines + lines[place:]
            case 6:
                lines[place] *= dice.choice((2, 50))
    return "\r\n".join(lines)


def test_whatever_is_sent_is_taken_or_refused() -> None:
    """Of 3,000 offers with faults none breaks anything, and every refusal is one plain sentence."""
    dice = random.Random(12)
    num_taken = 0
    for number in range(3000):
        offer = mutated(OFFERS[list(OFFERS)[number % len(OFFERS)]], dice)
        try:
            num_taken += bool(read(offer).video_only())
        except OfferError as error:
            assert is_plain(str(error)), error
    assert 300 < num_taken < 2700
