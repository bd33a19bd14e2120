"""Tests of which candidates of viewers are asked."""

import pytest

from server.media.outputs.webrtc.candidate import MAX_CANDIDATES, MAX_LOOKED_AT, CandidateBudget, read_candidate


def candidate(address: str = "192.0.2.7", port: object = 50000, **parts: object) -> str:
    values = {"foundation": "1", "component": 1, "transport": "udp", "priority": 2130706431, "kind": "host", **parts}
    return (
        "{foundation} {component} {transport} {priority} ".format(**values) + f"{address} {port} typ {values['kind']}"
    )


@pytest.mark.parametrize(
    "value",
    [
        candidate(),
        candidate("127.0.0.1"),
        candidate("10.1.2.3"),
        candidate("2001:db8::7"),
        candidate("::1"),
        candidate("fd00::1"),
        candidate(transport="UDP"),
        candidate(kind="relay") + " raddr 0.0.0.0 rport 9",
        candidate(kind="srflx") + " raddr 10.0.0.1 rport 5 generation 0 ufrag abcd network-cost 999",
    ],
)
def test_addresses_of_one_machine_are_taken(value: str) -> None:
    """Private, public and loopback ones, of both families."""
    taken = read_candidate(value)
    assert taken is not None and taken.ip == value.split()[4]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "foo",
        candidate("224.0.0.1"),
        candidate("239.255.255.250"),
        candidate("ff02::1"),
        candidate("255.255.255.255"),
        candidate("240.0.0.1"),
        candidate("0.0.0.0"),
        candidate("0.1.2.3"),
        candidate("::"),
        candidate("fe80::1"),
        candidate("fe80::1%eth0"),
        candidate("::ffff:127.0.0.1"),
        candidate("::ffff:224.0.0.1"),
        candidate("64:ff9b::e000:1"),
        candidate("viewer.local"),
        candidate("example.org"),
        candidate("300.1.1.1"),
        candidate("1.1"),
        candidate(port=0),
        candidate(port=9),
        candidate(port=53),
        candidate(port=65536),
        candidate(port="99999999999999"),
        candidate(port=-1),
        candidate(component=2),
        candidate(transport="tcp") + " tcptype active",
        candidate(priority=0),
        candidate(priority=2**31),
        candidate(kind="nonsense"),
        candidate(foundation="x" * 33),
        candidate(port="٣٣٣٣"),
    ],
)
def test_others_are_left_out(value: str) -> None:
    """Those of many or of no machine, of services, names, other transports, and what is no candidate."""
    assert read_candidate(value) is None


def test_a_session_has_few_candidates() -> None:
    """Each counts once, over all that a viewer sends, and beyond the budget nothing is taken."""
    budget = CandidateBudget()
    assert len(budget.take([candidate(), candidate(), candidate(priority=5)])) == 1
    many = [candidate(port=2000 + number) for number in range(MAX_CANDIDATES)]
    assert len(budget.take(many)) == MAX_CANDIDATES - 1
    assert budget.take([candidate(port=1999)]) == []


def test_a_session_is_not_looked_at_for_ever() -> None:
    """What is no candidate counts too: after so many nothing more is read."""
    budget = CandidateBudget()
    assert budget.take(["foo"] * MAX_LOOKED_AT) == []
    assert budget.take([candidate()]) == []


def test_what_is_not_allowed_is_left_out() -> None:
    """A viewer from elsewhere has no candidates on this machine's loopback."""
    budget = CandidateBudget(lambda address: not address.startswith("127."))
    assert [known.ip for known in budget.take([candidate("127.0.0.1"), candidate()])] == ["192.0.2.7"]
