"""Predicts when a frame will be shown, from the recent frame rate."""

from server.media.rate import Rate

SHORT_S = 3.0
LONG_S = 10.0


class Forecast:
    """Reckons with the rate at which the engine delivers, and with the rate at which frames are shown.

    The better of two spans counts: a single hiccup lowers the short one only, and a lasting change of rate shows in
    the short one first.
    """

    def __init__(self) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the rate so far: the engine rests, and that says nothing of its pace."""
        self._spans = (Rate(SHORT_S), Rate(LONG_S))

    def note_frame(self, now_s: float) -> None:
        """Take in that the engine has delivered a frame."""
        for rate in self._spans:
            rate.add(now_s)

    def delivered_per_second(self, now_s: float) -> float:
        """Return the rate; 0 while that is not known."""
        return max(rate.per_second(now_s) for rate in self._spans)

    def seconds_until(self, num_ahead: int, num_buffered: int, shown_fps: float, delivered_fps: float) -> float:
        """Return the seconds until a frame is shown that is so many frames ahead of the one that is on air."""
        missing = max(0, num_ahead - num_buffered)
        return max(0.0, num_ahead / shown_fps, missing / max(1e-3, delivered_fps))
