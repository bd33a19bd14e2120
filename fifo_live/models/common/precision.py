"""Number formats by name, and the one that a device is quick in."""

import os

import torch

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def choose_dtype(name: str, device: torch.device) -> torch.dtype:
    """Return the number format called `name`; `auto` is the device's natural one."""
    return natural_dtype(device) if name == "auto" else DTYPES[name]


def natural_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the hardware computes in it; it is several times slower than float32 where it does not."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device.type != "cpu":
        return torch.float32
    ceiling = os.environ.get("ONEDNN_MAX_CPU_ISA", "").upper()
    if ceiling and "BF16" not in ceiling and "AMX" not in ceiling and ceiling not in ("ALL", "DEFAULT"):
        return torch.float32
    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("avx512_bf16", False) or capabilities.get("amx_bf16", False)
    return torch.bfloat16 if native else torch.float32
