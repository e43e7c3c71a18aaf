from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tools.training.lora.conftest import make_config, make_row, train_lora
from tools.contracts.training import TrainingImage
from tools.errors import BadInput
from tools.training.lora.adapter import ADAPTER_FILE, read_adapter, write_adapter
from tools.training.lora.strength import delta_rms, weak_adapter_reason


def _write(path: Path, scale: float, alpha: float = 2.0) -> Path:
    generator = torch.Generator().manual_seed(0)
    tensors = {
        "unet.to_q.lora_A.weight": torch.randn(2, 8, generator=generator),
        "unet.to_q.lora_B.weight": scale * torch.randn(6, 2, generator=generator),
        "unet.conv.lora_A.weight": torch.randn(2, 4, 3, 3, generator=generator),
        "unet.conv.lora_B.weight": scale * torch.randn(5, 2, 1, 1, generator=generator),
    }
    write_adapter(path, tensors, {"unet.r": 2, "unet.lora_alpha": alpha}, {})
    return path


def test_delta_rms_is_that_of_the_built_deltas(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.safetensors", 0.1, alpha=4.0)
    tensors = read_adapter(path).tensors
    deltas = [
        2.0
        * tensors[f"unet.{name}.lora_B.weight"].flatten(1)
        @ tensors[f"unet.{name}.lora_A.weight"].flatten(1)
        for name in ("to_q", "conv")
    ]
    whole = torch.cat([delta.flatten() for delta in deltas])

    assert delta_rms(path) == pytest.approx(float(whole.square().mean().sqrt()), rel=1e-6)


def test_the_alarm_names_the_strength_of_a_zeroed_adapter(tmp_path: Path) -> None:
    reason = weak_adapter_reason(_write(tmp_path / "a.safetensors", 0.0), make_row("maquette"))

    assert reason is not None
    assert "delta rms 0.00e+00" in reason


def test_the_alarm_fires_after_five_steps_and_is_silent_after_a_run(
    maquette: Any, images: list[TrainingImage], tmp_path: Path
) -> None:
    row = make_row("maquette", weak_delta_rms=3e-4)
    settings = {"learning_rate": 1e-3, "warmup_steps": 10, "convolutions": True}
    for name, steps in (("short", 5), ("run", 40)):
        list(
            train_lora(maquette, images, row, make_config(steps=steps, **settings), tmp_path / name)
        )

    assert weak_adapter_reason(tmp_path / "short" / ADAPTER_FILE, row) is not None
    assert weak_adapter_reason(tmp_path / "run" / ADAPTER_FILE, row) is None


def test_an_a_without_its_b_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_adapter(path, {"unet.to_q.lora_A.weight": torch.ones(2, 8)}, {}, {})

    with pytest.raises(BadInput, match=r"lora_B\.weight is missing"):
        delta_rms(path)
