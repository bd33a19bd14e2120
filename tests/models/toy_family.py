"""A model family in one file: the toy of the tests, with a card and a folder that is recognised."""

from fifo_live.models.card import Card
from fifo_live.models.common.checkpoint import Checkpoint
from fifo_live.models.family import Family
from tests.toy import FIFO_SPEC, ToyDenoiser


def load(checkpoint: Checkpoint) -> ToyDenoiser:
    """Load the toy, of which nothing is on disk."""
    return ToyDenoiser(checkpoint.card.spec)


FAMILY = Family(
    name="toyfamily",
    about="a family of the tests",
    load=load,
    cards=(Card("toys/toy-1", FIFO_SPEC, {"network": 1_000}, "none"),),
    classes=("ToyPipeline",),
)
