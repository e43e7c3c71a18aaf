from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.support.resident import resident_means
from tools.architectures.registry import load_architecture
from tools.contracts.bases import BaseRow, Sampler
from tools.contracts.model import Box, Size
from tools.contracts.training import LearningRateSchedule, LoraConfig, TrainingImage, TrainProgress
from tools.training.lora import loop


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Tiny tensors are slower on more threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make_row(name: str, **changes: object) -> BaseRow:
    values: dict[str, object] = {
        "name": name,
        "title": name,
        "architecture": name if name.startswith("flux") else "sdxl",
        "source": name,
        "licence": "CC0",
        "sizes": (Size(width=64, height=64),),
        "sheet_size": Size(width=64, height=64),
        "steps": 2,
        "guidance": 1.0,
        "sampler": Sampler.DPM_SOLVER_MULTISTEP,
        "lora_targets": ("to_q", "to_k", "to_v", "to_out.0"),
        "lora_convolutions": () if name.startswith("flux") else ("conv1", "conv2", "conv_shortcut"),
        "text_lora_targets": ("q_proj", "k_proj", "v_proj", "out_proj"),
        "min_photo_side": 64,
        "crop_side": 32 if name == "maquette" else None,
        "vocabulary": name,
    }
    return BaseRow.model_validate({**values, **changes})


def make_config(**changes: object) -> LoraConfig:
    values: dict[str, object] = {
        "steps": 4,
        "rank": 4,
        "alpha": 2.0,
        "learning_rate": 1e-2,
        "schedule": LearningRateSchedule.CONSTANT,
        "warmup_steps": 0,
        "batch_size": 2,
        "crop_batch_size": 2,
        "crop_share": 0.0,
        "resolution": 64,
        "checkpoint_every": 100,
        "precision": "fp32",
    }
    return LoraConfig.model_validate({**values, **changes})


def train_lora(
    pipeline: Any,
    images: Sequence[TrainingImage],
    row: BaseRow,
    config: LoraConfig,
    folder: Path,
    **plan: object,
) -> Generator[TrainProgress]:
    """Train a loaded pipeline as its architecture learns; `plan` saves memory."""
    captions = loop.captions_of(images)
    learner = load_architecture(row.architecture).learner(pipeline, row, config, captions)
    means = resident_means(pipeline, row, config, **plan)
    yield from loop.train_lora(learner, images, row, config, folder, means)


@pytest.fixture
def images(tmp_path: Path) -> list[TrainingImage]:
    """Four people with a face box each, and one regularisation picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(0)
    made = []
    for number in range(5):
        pixels = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
        path = folder / f"{number}.png"
        Image.fromarray(pixels).resize((64, 64), Image.Resampling.BICUBIC).save(path)
        is_class = number == 4
        made.append(
            TrainingImage(
                path=path,
                caption="a woman" if is_class else f"Vera, close-up {number}",
                face=None if is_class else Box(left=20, top=16, right=44, bottom=40),
                regularisation=is_class,
            )
        )
    return made
