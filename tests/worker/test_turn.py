"""What goes from rank 0 to the others: whole orders as plain bytes."""

import torch

from fifo_live.link.messages import Cut, Start, Steer
from fifo_live.protocol.cues import WeightedPrompt
from fifo_live.worker.turn import Turn


def test_the_usual_turn_is_nothing() -> None:
    """Without orders, and with a tick to come, no bytes are needed."""
    assert Turn().to_bytes() is None
    assert Turn.from_bytes(None) == Turn()


def test_orders_arrive_as_they_were() -> None:
    """Commands, texts in any script and conditionings in any number format are the same, bit for bit."""
    rows = torch.randn(2, 3, 4)
    steer = Steer(request=1, prompts=[WeightedPrompt(text="fire \U0001f525"), WeightedPrompt(text="", weight=2.0)])
    encoded = {"fire \U0001f525": rows[0], "": rows[1].bfloat16()}
    turn = Turn([(steer, encoded), (Cut(request=2), {})], may_step=False)
    copy = Turn.from_bytes(turn.to_bytes())
    assert [command for command, _ in copy.orders] == [steer, Cut(request=2)]
    assert not copy.may_step
    assert list(copy.orders[0][1]) == list(encoded) and copy.orders[1][1] == {}
    assert all(torch.equal(copy.orders[0][1][text], tensor) for text, tensor in encoded.items())
    assert copy.orders[0][1][""].dtype == torch.bfloat16


def test_a_start_is_an_order_too() -> None:
    """The other ranks begin where rank 0 begins."""
    start = Start(seed=1, guidance=2.0, first_latent=3)
    assert Turn.from_bytes(Turn([(start, {})]).to_bytes()).orders == [(start, {})]
