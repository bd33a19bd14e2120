"""Facts about memory: reckoned from files before loading, and a refusal says what would fit."""

from pathlib import Path
from shutil import rmtree

import pytest
import torch

from fifo_live.errors import ModelError
from fifo_live.models.common import memory_check as fitting
from fifo_live.models.common.memory_check import fit, windows_at_once
from fifo_live.models.common.memory_estimate import (
    Batch,
    Need,
    choose_text_device,
    reckon,
    reckon_file,
    width_per_cell,
    windows_that_fit,
)
from fifo_live.models.common.weights import num_params, num_params_of_file
from fifo_live.models.latte.opensoraplan import FAMILY as OPENSORAPLAN
from fifo_live.models.ltx.ltx import FAMILY as LTX
from fifo_live.models.options import LoadOptions
from fifo_live.models.unet3d.modelscope import FAMILY
from fifo_live.models.unet3d.videocrafter import FAMILY as VIDEOCRAFTER
from fifo_live.models.wan.wan import FAMILY as WAN
from tests.models.families import write_modelscope
from tests.models.ltx_stock import write_ltx_file
from tests.models.opensoraplan_stock import write_opensoraplan
from tests.models.videocrafter_stock import write_videocrafter
from tests.models.wan_stock import write_wan, write_wan_file

CPU, CUDA = torch.device("cpu"), torch.device("cuda", 0)
ZEROSCOPE, MODELSCOPE = FAMILY.cards
LONG = OPENSORAPLAN.cards[1]
SIZE = (576, 320)


def test_weights_are_counted_from_the_headers(tmp_path: Path) -> None:
    """Each part counts with its numbers times the bytes of the format; text encoders stand apart."""
    write_modelscope(tmp_path)
    need = reckon(tmp_path, ZEROSCOPE, SIZE, torch.bfloat16)
    assert set(need.weights) == {"unet", "vae"}
    assert need.weights["unet"] == 2 * num_params(tmp_path / "unet", torch.bfloat16)
    assert need.text == 2 * num_params(tmp_path / "text_encoder", torch.bfloat16)
    assert reckon(tmp_path, ZEROSCOPE, SIZE, torch.float32).weights["vae"] == 2 * need.weights["vae"]


def test_a_network_may_lie_beside_its_parts(tmp_path: Path) -> None:
    """Of a network's own folder the parts beside it count too; what is not on this machine counts as its card says."""
    folder = write_opensoraplan(tmp_path)
    need = reckon(folder, LONG, (512, 512), torch.bfloat16)
    assert set(need.weights) == {"transformer", "vae"}
    assert need.weights["transformer"] == 2 * num_params(folder, torch.bfloat16)
    assert need.text == 2 * num_params(tmp_path / "text_encoder", torch.bfloat16)
    rmtree(tmp_path / "text_encoder")
    assert reckon(folder, LONG, (512, 512), torch.bfloat16).text == 2 * LONG.params["text_encoder"]


def test_the_work_grows_with_the_picture(tmp_path: Path) -> None:
    """Twice the area needs about twice the activations."""
    write_modelscope(tmp_path)
    small, large = (reckon(tmp_path, ZEROSCOPE, size, torch.bfloat16).work for size in (SIZE, (1152, 320)))
    assert large == pytest.approx(2 * small, rel=0.01)


@pytest.mark.parametrize("batch", [Batch(2), Batch(4), Batch(1, 48), Batch(3, 32)])
def test_what_is_run_is_reckoned(batch: Batch, tmp_path: Path) -> None:
    """Windows that go through the network together, and longer ones, take as much more; the decoder is beside them."""
    write_modelscope(tmp_path)
    one = reckon(tmp_path, ZEROSCOPE, SIZE, torch.bfloat16)
    more = reckon(tmp_path, ZEROSCOPE, SIZE, torch.bfloat16, batch)
    decoder = one.work - one.window
    assert decoder > 0
    times = batch.windows * (batch.window or ZEROSCOPE.spec.window) / ZEROSCOPE.spec.window
    assert more.work - decoder == pytest.approx(times * one.window)


def test_a_file_counts_with_what_it_lacks(tmp_path: Path) -> None:
    """Of a file the network counts with its width; so does what is loaded from beside it or from the hub."""
    files = {
        "wan": (write_wan_file(tmp_path / "wan"), WAN.cards[-1], {"transformer", "vae"}, ("vae", "text_encoder")),
        "ltx": (write_ltx_file(tmp_path / "ltx"), LTX.cards[0], {"transformer", "vae"}, ("text_encoder",)),
        "videocrafter": (write_videocrafter(tmp_path / "crafter"), VIDEOCRAFTER.cards[0], {"unet", "vae"}, ()),
    }
    for name, (file, card, parts, beside) in files.items():
        need = reckon_file(file, card, (32, 32), torch.bfloat16)
        assert set(need.weights) == parts and need.text > 0, name
        total = sum(need.weights.values()) + need.text
        expected = num_params_of_file(file) + sum(num_params(file.parent / part, torch.bfloat16) for part in beside)
        assert total == 2 * expected, name
        decoder = 32 * 32 * card.spec.frames_per_latent * 256 * 2
        assert need.work > decoder, name
    file, card, _, _ = files["wan"]
    rmtree(file.parent / "text_encoder")
    assert reckon_file(file, card, (32, 32), torch.bfloat16).text == 2 * card.params["text_encoder"]


def test_windows_that_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A UNet on a GPU gets as many as fit beside the decoder, at least one; a transformer, and a CPU, one."""
    need = Need({}, 0, work=110, window=100)
    fitting_ = [windows_that_fit(need, CUDA, int(free / 0.95) + 1) for free in (50, 110, 209, 210, 810)]
    assert fitting_ == [1, 1, 1, 2, 8]
    assert windows_that_fit(need, CPU, 10**6) == windows_that_fit(Need({}, 0, 110), CUDA, 10**6) == 1
    monkeypatch.setattr(fitting, "free_bytes", lambda device: 10**12)
    options = LoadOptions(CUDA, "float16")
    assert windows_at_once(write_modelscope(tmp_path / "unet"), ZEROSCOPE, options) > 1
    folder = write_wan(tmp_path / "wan")
    assert windows_at_once(folder, WAN.cards[0], options) == 1
    assert windows_at_once(folder, WAN.cards[0], LoadOptions(CUDA, "float16", windows_per_forward=4)) == 4


def test_the_width_is_read_from_the_configuration() -> None:
    """A UNet's first channels, or a transformer's heads, spread over the cells of a patch."""
    assert width_per_cell({"block_out_channels": [320, 640]}) == 320
    transformer = {"num_attention_heads": 12, "attention_head_dim": 128}
    assert width_per_cell({**transformer, "patch_size": [1, 2, 2]}) == 384
    assert width_per_cell({**transformer, "patch_size": 2}) == 384


@pytest.mark.parametrize(
    ("wish", "free_cuda", "free_cpu", "expected"),
    [
        ("auto", 100, 100, CUDA),
        ("auto", 60, 100, CPU),
        ("auto", 60, 10, None),
        ("auto", 40, 100, None),
        ("same", 60, 100, None),
        ("cpu", 100, 100, CPU),
    ],
)
def test_the_text_encoder_goes_where_there_is_room(
    wish: str, free_cuda: int, free_cpu: int, expected: torch.device | None
) -> None:
    """auto prefers the GPU, then the CPU; same and cpu leave no choice."""
    need = Need({"unet": 40}, text=30, work=10)
    assert choose_text_device(need, wish, CUDA, {"cuda": free_cuda, "cpu": free_cpu}) == expected


def test_a_refusal_says_what_would_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers, and a smaller format; nothing is loaded."""
    write_modelscope(tmp_path)
    single = LoadOptions(CPU, "float32")
    whole = reckon(tmp_path, ZEROSCOPE, SIZE, torch.float32).on_device(with_text=True)
    monkeypatch.setattr(fitting, "free_bytes", lambda device: int(0.7 * whole))
    with pytest.raises(ModelError, match=r"needs about .* GB \(unet .*cpu has .* GB free.*fit with --dtype bfloat16"):
        fit(tmp_path, ZEROSCOPE, single, FAMILY.cards)
    monkeypatch.setattr(fitting, "free_bytes", lambda device: 0)
    with pytest.raises(ModelError, match="Nothing smaller of this family would fit"):
        fit(tmp_path, ZEROSCOPE, single, FAMILY.cards)


def test_a_text_encoder_on_the_cpu_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a GPU that has no room for it, or when asked to, it runs on the CPU, and that is said."""
    write_modelscope(tmp_path)
    monkeypatch.setattr(fitting, "free_bytes", lambda device: 10**12)
    said: list[str] = []
    options = LoadOptions(CUDA, "float16", text_encoder_device="cpu", report=said.append)
    assert fit(tmp_path, ZEROSCOPE, options, FAMILY.cards) == CPU
    assert said and "runs on the CPU" in said[0]
