"""Tests of what operators ask."""

from prometheus_client.parser import text_string_to_metric_families

from tests.server.conftest import House, OpenHouse


async def test_health_and_readiness(open_house: OpenHouse) -> None:
    """The server is healthy at once, and ready when the first frame is there."""
    async with open_house(fake={"ready_after_s": 0.5}) as house:
        assert (await house.http.get("/healthz")).text == "ok\n"
        response = await house.http.get("/readyz")
        assert (response.status_code, response.json()["ready"]) == (503, False)
        await house.until_running()
        assert (await house.http.get("/readyz")).status_code == 200


async def test_metrics_can_be_read_by_prometheus(house: House) -> None:
    """All families parse, and the figures are those of the stream."""
    async with house.viewer() as viewer:
        await viewer.see_until(20)
        await house.http.post("/api/prompt", json={"text": "fire"})
        text = (await house.http.get("/metrics")).text
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert values["fifo_live_viewers",] == 1
    assert values["fifo_live_frames_shown_total",] >= 20
    assert values["fifo_live_prompts_accepted_total",] == 1
    assert values["fifo_live_pictures_encoded_total", "H264", "keyframe"] >= 1
    assert values["fifo_live_encode_seconds",] > 0
    assert values["fifo_live_server_resident_bytes",] > 1e7 < values["fifo_live_worker_resident_bytes",]
    reasons = {key[1] for key in values if key[0] == "fifo_live_dropped_total"}
    assert reasons == {"buffer_full", "encoder_busy", "viewer_slow", "client_slow"}
