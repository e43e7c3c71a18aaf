"""A base on a card: seconds a step and a picture, and memory against its plan: `python -m bench.card [BASE]`.

For the day a card is there: nothing here was run on one yet. A base that is installed in the studio's home
is taken; `sdxl` and `sdxl-base` are made of random weights where they are not, which draws noise in the
same time and memory. Goals on an H100 for SDXL at 1024²: 0.55 s a step at batch 1 or its like, 13 GB, 1.0 s
a picture at six steps; everywhere the plan within 10 % of what was taken.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    DDPMScheduler,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from PIL import Image
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tools.architectures.registry import preset
from tools.backends.bases import BaseCatalog
from tools.backends.local.draw import LocalBackend
from tools.backends.local.trainer import LocalTrainer
from tools.backends.memory import plan_drawing, plan_training
from tools.backends.single_file import CONFIGURATIONS, tokenizers_of
from tools.backends.weights import weighed
from tools.compute import (
    FILE_NUMBERS,
    device_facts,
    drawing_compute,
    numbers_of,
    resolve_device,
    training_compute,
)
from tools.contracts.bases import BaseRow
from tools.contracts.images import ImageRequest, Purpose
from tools.contracts.memory import GB, MemoryPlan
from tools.contracts.training import TrainingImage
from tools.settings import Settings
from tools.store.files import FileStore

STEPS, WARM_STEPS = 12, 4
PICTURES = 4


@dataclass(frozen=True)
class OnDevice:
    """What one task took."""

    seconds: float
    """A step of training, or a picture."""
    peak_gb: float
    """Most that torch held; 0 on a CPU, which keeps no such count."""
    plan: MemoryPlan

    @property
    def off(self) -> float:
        """How far the plan is off, as a share of what was taken."""
        planned = self.plan.peak
        return abs(planned.gb - self.peak_gb) / self.peak_gb if planned and self.peak_gb else 0.0

    @property
    def line(self) -> str:
        """One row of the table."""
        planned = self.plan.peak.gb if self.plan.peak else 0.0
        return (
            f"| {self.plan.base} | {self.plan.task} | {self.seconds:.2f} | {self.peak_gb:.1f} | "
            f"{planned:.1f} | {self.off:.0%} | {self.plan.how} |"
        )


def measure_training(catalog: BaseCatalog, row: BaseRow, device: str, folder: Path) -> OnDevice:
    """Steps of the base's `fast` preset on eight pictures of noise, after a few to warm up."""
    config = preset("fast", row).model_copy(update={"steps": WARM_STEPS + STEPS})
    images = [
        TrainingImage(path=_noise(folder / f"{at}.png", at, row), caption=f"Mara, close-up {at}")
        for at in range(8)
    ]
    place = resolve_device(device)
    compute = training_compute(row, place, config.precision)
    need = weighed(row.memory, catalog.folder(row.name)) if row.memory else None
    plan = plan_training(row, need, numbers_of(compute), device_facts(place), config)
    _forget_peak(place)
    begun = time.perf_counter()
    for step in LocalTrainer(catalog, device=device).train(
        row.name, images, config, folder / "run"
    ):
        if step.step == WARM_STEPS:
            begun = time.perf_counter()
    return OnDevice((time.perf_counter() - begun) / STEPS, _peak(place), plan)


def measure_drawing(catalog: BaseCatalog, row: BaseRow, device: str, folder: Path) -> OnDevice:
    """A batch of pictures, after one to warm up."""
    place = resolve_device(device)
    compute = drawing_compute(row, place)
    need = weighed(row.memory, catalog.folder(row.name)) if row.memory else None
    facts = device_facts(place)
    plan = plan_drawing(row, need, numbers_of(compute), facts, batch=PICTURES)
    backend = LocalBackend(catalog, FileStore(folder).path, device=device, batch_size=PICTURES)
    asked = [
        ImageRequest(
            prompt="grey backdrop",
            cast=(),
            purpose=Purpose.LAYOUT,
            base=row.name,
            size=row.sizes[0],
            seed=seed,
            steps=row.steps,
            guidance=row.guidance,
        )
        for seed in range(PICTURES)
    ]
    list(backend.draw(asked))
    _forget_peak(place)
    begun = time.perf_counter()
    list(backend.draw(asked))
    seconds = (time.perf_counter() - begun) / PICTURES
    return OnDevice(seconds, _peak(place), plan)


def make_random_sdxl(folder: Path, device: str) -> Path:
    """A pipeline of SDXL's configuration with random weights in fp16, 6.9 GB."""
    place, usual = CONFIGURATIONS / "sdxl", torch.get_default_dtype()
    torch.set_default_dtype(FILE_NUMBERS)
    try:
        with torch.device(resolve_device(device)):
            pipeline = StableDiffusionXLPipeline(
                vae=AutoencoderKL.from_config(AutoencoderKL.load_config(place / "vae")),
                unet=UNet2DConditionModel.from_config(
                    UNet2DConditionModel.load_config(place / "unet")
                ),
                scheduler=DDPMScheduler.from_pretrained(place / "scheduler"),
                text_encoder=CLIPTextModel(CLIPTextConfig.from_pretrained(place / "text_encoder")),
                text_encoder_2=CLIPTextModelWithProjection(
                    CLIPTextConfig.from_pretrained(place / "text_encoder_2")
                ),
                add_watermarker=False,
                **tokenizers_of(place),
            )
    finally:
        torch.set_default_dtype(usual)
    pipeline.save_pretrained(folder)
    return folder


def _noise(path: Path, seed: int, row: BaseRow) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    side = row.training_side
    Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC).save(path)
    return path


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _peak(device: torch.device) -> float:
    return torch.cuda.max_memory_allocated(device) / GB if device.type == "cuda" else 0.0


def main() -> None:
    """Print a row for drawing and one for training."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("base", nargs="?", default="sdxl")
    parser.add_argument("--device", default="cuda")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, catalog = Path(made), BaseCatalog(Settings().home)
        if not catalog.status(asked.base).usable and asked.base in ("sdxl", "sdxl-base"):
            catalog = BaseCatalog(folder / "home")
            random = make_random_sdxl(folder / "weights", asked.device)
            catalog.add(asked.base, str(random), like=asked.base)
        row = catalog.row(asked.base)
        print("| base | task | seconds | GB taken | GB planned | off | how |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        print(measure_drawing(catalog, row, asked.device, folder).line, flush=True)
        print(measure_training(catalog, row, asked.device, folder).line, flush=True)


if __name__ == "__main__":
    main()
