"""Health and metrics endpoints: /healthz, /readyz, /metrics."""

import asyncio
from collections.abc import Iterator

import psutil
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from fifo_live.protocol.state import EngineState
from server.control.hub import Hub
from server.control.snapshot import stats_message
from server.http.access import Access, Role
from server.open_files import num_open_files
from server.stream import StreamService

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """Answers the three questions that operators ask."""

    def __init__(self, studio: StreamService, hub: Hub, gate: Access) -> None:
        self._studio = studio
        self._gate = gate
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Figures(studio, hub))

    async def healthz(self, request: Request) -> Response:
        """200 while this process answers at all."""
        return PlainTextResponse("ok\n")

    async def readyz(self, request: Request) -> Response:
        """200 when pictures of the engine are there, 503 before and while there is no worker."""
        supervisor = self._studio.supervisor
        is_ready = supervisor.state in (EngineState.RUNNING, EngineState.PAUSED) and self._studio.pacer.position >= 0
        content = {"ready": is_ready, "engine": supervisor.state, "message": supervisor.message}
        return JSONResponse(content, 200 if is_ready else 503)

    async def metrics(self, request: Request) -> Response:
        """All figures, in the text format of Prometheus."""
        self._gate.require(request, Role.VIEW)
        return Response(generate_latest(self._registry), media_type=_CONTENT_TYPE)


class _Figures(Collector):
    """Reads the figures where they are kept, at the moment they are asked for."""

    def __init__(self, studio: StreamService, hub: Hub) -> None:
        self._studio = studio
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics."""
        yield from self._gauges()
        yield from self._counters()

    def _gauges(self) -> Iterator[Metric]:
        studio, stats = self._studio, stats_message(self._studio)
        values = {
            "engine_running": ("1 while the engine delivers frames.", studio.supervisor.state is EngineState.RUNNING),
            "generated_fps": ("Frames per second that the engine makes.", stats.generated_fps),
            "delivered_fps": ("New frames per second that are shown.", stats.delivered_fps),
            "viewers": ("Connected viewers.", stats.viewers),
            "viewers_waiting": ("Viewers that are still connecting.", studio.audience.num_waiting),
            "control_clients": ("Open control connections.", len(self._hub)),
            "buffered_frames": ("Frames buffered for display.", stats.buffered),
            "tick_seconds": ("Mean time of a tick.", stats.tick_ms / 1000),
            "denoiser_seconds": ("Mean time of the network in a tick.", stats.denoiser_ms / 1000),
            "decode_seconds": ("Mean time of decoding in a tick.", stats.decode_ms / 1000),
            "encode_seconds": ("Mean time of encoding a picture.", stats.encode_ms / 1000),
            "eta_error_seconds": ("Seconds by which the last prompt was seen later than announced.", stats.eta_error_s),
            "server_resident_bytes": ("Memory of the server.", psutil.Process().memory_info().rss),
            "server_open_files": ("Files and sockets that the server has open.", num_open_files()),
            "server_tasks": ("Tasks of the server's event loop.", len(asyncio.all_tasks())),
            "worker_resident_bytes": ("Memory of the worker's processes.", studio.supervisor.worker_rss_bytes),
        }
        for name, (words, value) in values.items():
            yield GaugeMetricFamily(f"fifo_live_{name}", words, value=float(value))

    def _counters(self) -> Iterator[Metric]:
        studio = self._studio
        values = {
            "frames_received": ("Frames that the engine has delivered.", studio.source.num_received),
            "frames_shown": ("New frames that were shown.", studio.pacer.num_shown),
            "frames_late": ("Periods in which the last frame was shown again.", studio.pacer.num_late),
            "periods_skipped": ("Periods skipped because the server was blocked.", studio.pacer.num_skipped),
            "worker_restarts": ("Restarts of the worker.", studio.supervisor.num_restarts),
            "prompts_accepted": ("Prompts accepted by the engine.", studio.num_accepted),
            "requests_rejected": ("Requests rejected by the engine.", studio.num_rejected),
            "viewers_joined": ("Viewers that have joined.", studio.audience.num_joined),
        }
        for name, (words, value) in values.items():
            yield CounterMetricFamily(f"fifo_live_{name}", words, value=float(value))
        yield self._dropped()
        yield self._encoded()

    def _dropped(self) -> Metric:
        studio = self._studio
        metric = CounterMetricFamily("fifo_live_dropped", "What was dropped, and why.", labels=["reason"])
        encoders = [publisher.encoder for publisher in studio.publishers.values()]
        metric.add_metric(["buffer_full"], studio.source.num_dropped)
        metric.add_metric(["encoder_busy"], sum(encoder.num_dropped for encoder in encoders))
        metric.add_metric(["viewer_slow"], studio.audience.num_dropped)
        metric.add_metric(["client_slow"], self._hub.num_dropped)
        return metric

    def _encoded(self) -> Metric:
        metric = CounterMetricFamily("fifo_live_pictures_encoded", "Pictures encoded.", labels=["codec", "kind"])
        for codec, publisher in self._studio.publishers.items():
            encoder = publisher.encoder
            metric.add_metric([codec, "keyframe"], encoder.num_keyframes)
            metric.add_metric([codec, "other"], encoder.num_encoded - encoder.num_keyframes)
        return metric
