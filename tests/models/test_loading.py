"""Facts about reading models: every published layout, and one sentence for what is wrong."""

import json
from pathlib import Path

import httpx2
import pytest
import torch
from huggingface_hub import HfApi
from safetensors.torch import load_file, save_file

from fifo_live.errors import ModelError
from fifo_live.models import registry
from fifo_live.models.common.hub import Pick, fetch, wanted_files
from fifo_live.models.common.weights import read_pickle, shapes_of, variant_of, weight_files
from fifo_live.models.detect import choose_card
from fifo_live.models.family import Family
from fifo_live.models.options import LoadOptions
from fifo_live.models.registry import load_model
from tests.models.families import write_modelscope
from tests.models.tiny import write_index, write_part

CPU = torch.device("cpu")
OPTIONS = LoadOptions(CPU, "float32", width=32, height=32)
WEIGHTS = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete folder; tests copy what they change."""
    return write_modelscope(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A folder of links to the complete one's files, each of which may be taken away."""
    for file in whole.rglob("*"):
        if file.is_file():
            link = tmp_path / "model" / file.relative_to(whole)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    return tmp_path / "model"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (f"unet/{WEIGHTS}", f"unet' is incomplete: {WEIGHTS} is missing"),
        ("unet/config.json", "unet' is incomplete: config.json is missing"),
        (f"vae/{WEIGHTS}", f"vae' is incomplete: {WEIGHTS} is missing"),
        ("text_encoder/model.safetensors", "text_encoder' is incomplete"),
        ("tokenizer/merges.txt", "tokenizer' is incomplete: merges.txt is missing"),
        ("scheduler/scheduler_config.json", "scheduler' is incomplete: scheduler_config.json is missing"),
    ],
)
def test_a_missing_file_is_named(folder: Path, name: str, sentence: str) -> None:
    """Without one of its files a folder is refused with that file's name."""
    (folder / name).unlink()
    with pytest.raises(ModelError, match=sentence):
        load_model(str(folder), OPTIONS)


def test_a_damaged_file_is_named(folder: Path, whole: Path) -> None:
    """A download that broke off is no crash."""
    file = folder / "unet" / WEIGHTS
    file.unlink()
    file.write_bytes((whole / "unet" / WEIGHTS).read_bytes()[:5000])
    with pytest.raises(ModelError, match=f"{WEIGHTS} is damaged"):
        load_model(str(folder), OPTIONS)


def test_missing_tensors_are_counted(folder: Path, whole: Path) -> None:
    """Weights that lack a tensor are refused, not filled with noise."""
    file = folder / "unet" / WEIGHTS
    file.unlink()
    tensors = load_file(whole / "unet" / WEIGHTS)
    del tensors["conv_out.bias"]
    save_file(tensors, file, {"format": "pt"})
    with pytest.raises(ModelError, match=r"conv_out\.bias"):
        load_model(str(folder), OPTIONS)


def test_a_size_must_fit(folder: Path) -> None:
    """Pixels that are no multiple of a cell are refused with the multiple."""
    with pytest.raises(ModelError, match="36x32 does not fit zeroscope_v2_576w: use multiples of 8"):
        load_model(str(folder), LoadOptions(CPU, "float32", width=36, height=32))


def test_shards_and_variants_are_read(folder: Path, whole: Path) -> None:
    """Weights in several files, or in half precision only, load like those in one; a missing shard is named."""
    import diffusers

    for file in (folder / "unet").iterdir():
        file.unlink()
    unet = diffusers.UNet3DConditionModel.from_pretrained(whole / "unet")
    write_part(folder / "unet", unet, max_shard_size="100KB")
    write_part(folder / "unet", unet.half(), variant="fp16")
    files = weight_files(folder / "unet", torch.float32)
    assert len(files) > 1
    assert [file.name for file in weight_files(folder / "unet", torch.float16)] == [
        "diffusion_pytorch_model.fp16.safetensors"
    ]
    single = load_model(str(folder), OPTIONS)
    assert single.dtype_name == "float32"
    files[1].unlink()
    with pytest.raises(ModelError, match=f"{files[1].name} is missing"):
        load_model(str(folder), OPTIONS)
    for file in [*files[:1], *files[2:], folder / "unet" / f"{WEIGHTS}.index.json"]:
        file.unlink()
    assert load_model(str(folder), OPTIONS).dtype_name == "float32"


def test_a_lora_and_a_tiny_decoder_reach_the_model(folder: Path, tmp_path: Path) -> None:
    """--lora changes what the network predicts, --decoder tiny what decodes it; a LoRA of another model is refused."""
    import diffusers

    name = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_q"
    keys = {f"{name}.lora_A.weight": torch.randn(2, 16), f"{name}.lora_B.weight": torch.randn(16, 2)}
    save_file(keys, tmp_path / "style.safetensors")
    tiny = diffusers.AutoencoderTiny(encoder_block_out_channels=(4,) * 4, decoder_block_out_channels=(4,) * 4)
    write_part(tmp_path / "taesd", tiny)
    options = LoadOptions(
        CPU, "float32", 32, 32, decoder=f"tiny:{tmp_path / 'taesd'}", loras=(f"{tmp_path / 'style.safetensors'}:0.5",)
    )
    plain, styled = load_model(str(folder), OPTIONS), load_model(str(folder), options)
    x, t = torch.randn(1, 4, *plain.spec.latent_shape), torch.full((1, 4), 500.0)
    cond = plain.encode_prompts(["a sea"])[None].expand(1, 4, -1, -1)
    assert not torch.allclose(plain.denoise(x, t, cond), styled.denoise(x, t, cond))
    pictures = [model.decoder().decode(x[0]) for model in (plain, styled)]
    assert pictures[0].shape == pictures[1].shape == (4, 32, 32, 3)
    assert not torch.equal(pictures[0], pictures[1])
    assert styled.encode_pictures(pictures[0]).shape == x.shape[1:]
    save_file({"unet.nowhere.lora_A.weight": keys[f"{name}.lora_A.weight"]}, tmp_path / "style.safetensors")
    with pytest.raises(ModelError, match="is for another model"):
        load_model(str(folder), options)


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    """A pipeline, a folder and a file of nobody's are refused with what they are."""
    save_file({"some.weight": torch.zeros(1)}, tmp_path / "strange.safetensors")
    with pytest.raises(ModelError, match="strange.safetensors' holds no model that fifo-live knows"):
        load_model(str(tmp_path / "strange.safetensors"), OPTIONS)
    write_index(tmp_path / "flux", "FluxPipeline")
    with pytest.raises(ModelError, match="holds a FluxPipeline, which fifo-live cannot run"):
        load_model(str(tmp_path / "flux"), OPTIONS)


def test_a_pickle_gives_nothing_but_tensors(tmp_path: Path) -> None:
    """A .ckpt is read without running what it holds; keys may lie under state_dict."""
    torch.save({"state_dict": {"a": torch.ones(2, 3)}, "step": 5}, tmp_path / "good.ckpt")
    assert shapes_of(tmp_path / "good.ckpt") == {"a": (2, 3)}
    assert torch.equal(read_pickle(tmp_path / "good.ckpt")["a"], torch.ones(2, 3))
    torch.save({"state_dict": {"a": Path("code")}}, tmp_path / "bad.ckpt")
    with pytest.raises(ModelError, match="cannot be read as a checkpoint of plain tensors"):
        read_pickle(tmp_path / "bad.ckpt")
    torch.save([1, 2], tmp_path / "list.pt")
    with pytest.raises(ModelError, match=r"list\.pt is no checkpoint: it holds a list, not named tensors"):
        read_pickle(tmp_path / "list.pt")


def test_a_pickle_of_the_first_kind_is_read(tmp_path: Path) -> None:
    """Before PyTorch 1.6 a checkpoint was no zip archive; there are still such files."""
    torch.save({"a": torch.ones(2)}, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    assert torch.equal(read_pickle(tmp_path / "old.pt")["a"], torch.ones(2))


def test_a_tiny_decoder_that_is_nowhere_is_said(folder: Path, tmp_path: Path) -> None:
    """A path that leads nowhere, and a file where a folder is needed, are one sentence each."""
    with pytest.raises(ModelError, match="There is no tiny decoder '/no/where'"):
        load_model(str(folder), LoadOptions(CPU, "float32", 32, 32, decoder="tiny:/no/where"))
    (tmp_path / "taesd.pt").touch()
    with pytest.raises(ModelError, match=r"taesd\.pt' is a file; name a folder, as madebyollin/taesd is"):
        load_model(str(folder), LoadOptions(CPU, "float32", 32, 32, decoder=f"tiny:{tmp_path / 'taesd.pt'}"))


def test_a_folder_that_could_be_several_models_is_said(tmp_path: Path) -> None:
    """What the network's config.json leaves open is told by the folder's name; without it the choice is reported."""
    (family,) = [found for name, found in registry.families().items() if name == "ltx"]
    assert isinstance(family, Family)
    said: list[str] = []
    for name in ("mine", "LTX-Video-0.9.7-dev"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({"num_layers": 48}))
    mine, named = (choose_card(family, tmp_path / name, "", said.append) for name in ("mine", "LTX-Video-0.9.7-dev"))
    assert mine.hub_id == "Lightricks/LTX-Video-0.9.8-13B-distilled"
    assert named.hub_id == "Lightricks/LTX-Video-0.9.7-dev"
    assert len(said) == 1 and "mine' is run with the settings of Lightricks/LTX-Video-0.9.8-13B-distilled" in said[0]
    assert "it could also be Lightricks/LTX-Video-0.9.7-distilled, Lightricks/LTX-Video-0.9.7-dev." in said[0]


def no_network(_api: HfApi, _hub_id: str) -> list[str]:
    """Fail as the hub's client does without a network."""
    raise httpx2.ConnectError("Name or service not known")


def test_offline_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Offline, or without a network, a model that is not here is one sentence; one that is here is found."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="owner/name is not on this machine, and HF_HUB_OFFLINE is set"):
        fetch("owner/name", list)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr(HfApi, "list_repo_files", no_network)
    with pytest.raises(ModelError, match=r"the hub does not answer \(ConnectError\)"):
        fetch("owner/name", list)
    snapshot = tmp_path / "models--owner--name" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (tmp_path / "models--owner--name" / "refs").mkdir()
    (tmp_path / "models--owner--name" / "refs" / "main").write_text("0123")
    assert fetch("owner/name", list) == snapshot
    assert fetch("owner/name/folder", list) == snapshot / "folder"


def test_of_a_repository_with_several_models_one_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub id with a folder stands for that model: the folders of its siblings are left where they are."""
    folders = ("221x512x512", "65x512x512", "vae")
    names = [f"{folder}/{name}" for folder in folders for name in ("config.json", WEIGHTS)]
    asked: list[str] = []

    def ask(hub_id: str, pick: Pick) -> Path:
        asked.extend([hub_id, *pick(names)])
        raise ModelError("That was all.")

    monkeypatch.setattr(registry, "fetch", ask)
    with pytest.raises(ModelError, match="That was all"):
        load_model("LanguageBind/Open-Sora-Plan-v1.1.0/221x512x512", OPTIONS)
    assert asked == ["LanguageBind/Open-Sora-Plan-v1.1.0/221x512x512", *names[:2], *names[4:]]


def test_of_a_repository_only_what_is_read_is_downloaded() -> None:
    """Of each part one kind of weights in one format, never a picture or a second copy."""
    names = [
        "model_index.json",
        "README.md",
        "whole.safetensors",
        "unet/config.json",
        f"unet/{WEIGHTS}",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "unet/diffusion_pytorch_model.bin",
        "text_encoder/config.json",
        "text_encoder/pytorch_model.bin",
        "tokenizer/merges.txt",
        "tokenizer/spiece.model",
    ]
    texts = ["model_index.json", "text_encoder/config.json", "tokenizer/merges.txt", "tokenizer/spiece.model"]
    rest = ["text_encoder/pytorch_model.bin", "unet/config.json"]
    assert wanted_files(names, torch.float32) == sorted([*texts, *rest, f"unet/{WEIGHTS}"])
    half = "unet/diffusion_pytorch_model.fp16.safetensors"
    assert wanted_files(names, torch.float16) == sorted([*texts, *rest, half])
    assert variant_of([Path(half).name], torch.float32) == "fp16"


def test_a_licence_that_forbids_trade_is_said(folder: Path) -> None:
    """Loading zeroscope tells that it is for non-commercial use only, and the parts that are loaded."""
    said: list[str] = []
    load_model(str(folder), LoadOptions(CPU, "float32", 32, 32, report=said.append))
    assert "The weights of zeroscope_v2_576w are for non-commercial use only (CC-BY-NC-4.0)." in said
    assert any(sentence.startswith("Loading unet (") for sentence in said)


def test_the_scheduler_gives_the_ladder(folder: Path) -> None:
    """What the folder's scheduler says about noise is what the solver gets."""
    file = folder / "scheduler" / "scheduler_config.json"
    config = json.loads(file.read_text())
    file.unlink()
    file.write_text(json.dumps({**config, "prediction_type": "v_prediction"}))
    ladder = load_model(str(folder), OPTIONS).spec.ladder
    assert ladder.prediction == "v" and len(ladder.alphas_cumprod) == 1000
    file.write_text(json.dumps({**config, "prediction_type": "sample"}))
    with pytest.raises(ModelError, match="prediction_type is 'sample'"):
        load_model(str(folder), OPTIONS)
