"""Our training loop against that of diffusers' LoRA scripts, on tiny models of the real classes.

Run as `python -m bench.loops`. The scripts' loops (`train_text_to_image_lora_sdxl.py` and
`train_dreambooth_lora_flux.py` with captions, as they come) encode picture and text in every step, one
picture a step, with AdamW and a clipped gradient. Ours has the same rank, layers and batch. Models this small
show what a loop costs beside its model; on the maquette and on real bases the model decides
(`bench.training`, `bench.card`). The two take turns, so that other load on the machine meets both.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import peft
import torch
from diffusers import DDPMScheduler, FluxPipeline, StableDiffusionXLPipeline
from PIL import Image
from torch import Tensor, nn

from tests.support.tiny_models import build_tiny_flux, build_tiny_sdxl
from tools.architectures.registry import preset
from tools.backends.bases import BaseCatalog
from tools.backends.local.trainer import LocalTrainer
from tools.contracts.bases import BaseRow
from tools.contracts.training import TrainingImage
from tools.imaging.pictures import load_picture

SIDE, PICTURES = 64, 8
STEPS, ROUNDS = 20, 4
"""Steps a round; the first round warms up and is not counted."""

_Script = Callable[[Path, list[TrainingImage], Sequence[str]], Iterator[None]]


@dataclass(frozen=True)
class LoopRatio:
    """Steps a second of both loops, in one run on this machine."""

    base: str
    ours: float
    script: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.ours / self.script


def measure() -> Iterator[LoopRatio]:
    """Time both loops of both architectures in turns."""
    loops: dict[str, tuple[Callable[[Path], Path], _Script]] = {
        "sdxl": (build_tiny_sdxl, _sdxl_script),
        "flux-schnell": (build_tiny_flux, _flux_script),
    }
    for base, (build, script) in loops.items():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            weights, images = build(folder / "weights"), _images(folder)
            catalog = BaseCatalog(folder / "home")
            row = catalog.add(base, str(weights))
            ours = _ours(catalog, row, images, folder / "run")
            theirs = script(weights, images, row.lora_targets)
            times = [(_seconds(ours), _seconds(theirs)) for _ in range(1 + ROUNDS)][1:]
        yield LoopRatio(
            base,
            ROUNDS * STEPS / sum(pair[0] for pair in times),
            ROUNDS * STEPS / sum(pair[1] for pair in times),
        )


def _ours(
    catalog: BaseCatalog, row: BaseRow, images: list[TrainingImage], folder: Path
) -> Iterator[object]:
    changes = {"steps": 10_000, "rank": 4, "alpha": 4.0, "batch_size": 1, "resolution": SIDE}
    quiet = {"checkpoint_every": 10_000, "ema_decay": None, "precision": "fp32"}
    config = preset("fast", row).model_copy(update={**changes, **quiet})
    return LocalTrainer(catalog, device="cpu").train(row.name, images, config, folder)


def _images(folder: Path) -> list[TrainingImage]:
    made = []
    for number in range(PICTURES):
        path = folder / f"{number}.png"
        pixels = np.random.default_rng(number).integers(0, 256, (8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(path)
        made.append(TrainingImage(path=path, caption=f"Vera, close-up {number}"))
    return made


def _seconds(steps: Iterator[object]) -> float:
    begun = time.perf_counter()
    for _ in islice(steps, STEPS):
        pass
    return time.perf_counter() - begun


def _sdxl_script(
    weights: Path, images: list[TrainingImage], layers: Sequence[str]
) -> Iterator[None]:
    pipeline = StableDiffusionXLPipeline.from_pretrained(weights)
    schedule = DDPMScheduler.from_config(pipeline.scheduler.config)
    size = torch.tensor([[SIDE, SIDE, 0, 0, SIDE, SIDE]]).float()

    def loss(image: TrainingImage) -> Tensor:
        with torch.no_grad():
            latents = _latents(pipeline.vae, image)
            sequence, _, pooled, _ = pipeline.encode_prompt(
                image.caption, do_classifier_free_guidance=False
            )
        noise, steps = torch.randn_like(latents), torch.randint(0, 1000, (1,))
        answer = pipeline.unet(
            schedule.add_noise(latents, noise, steps),
            steps,
            sequence,
            added_cond_kwargs={"text_embeds": pooled, "time_ids": size},
        ).sample
        return nn.functional.mse_loss(answer, noise)

    yield from _script(pipeline.unet, images, layers, loss)


def _flux_script(
    weights: Path, images: list[TrainingImage], layers: Sequence[str]
) -> Iterator[None]:
    pipeline = FluxPipeline.from_pretrained(weights)

    def loss(image: TrainingImage) -> Tensor:
        with torch.no_grad():
            latents = _latents(pipeline.vae, image)
            sequence, pooled, places = pipeline.encode_prompt(image.caption, None)
        noise, sigma = torch.randn_like(latents), torch.rand(1)
        count, channels, height, width = latents.shape
        noisy = (1 - sigma) * latents + sigma * noise
        answer = pipeline.transformer(
            hidden_states=pipeline._pack_latents(noisy, count, channels, height, width),
            timestep=sigma,
            guidance=None,
            pooled_projections=pooled,
            encoder_hidden_states=sequence,
            txt_ids=places,
            img_ids=pipeline._prepare_latent_image_ids(
                count, height // 2, width // 2, latents.device, latents.dtype
            ),
        ).sample
        wanted = pipeline._pack_latents(noise - latents, count, channels, height, width)
        return nn.functional.mse_loss(answer, wanted)

    yield from _script(pipeline.transformer, images, layers, loss)


@torch.no_grad()
def _latents(autoencoder: Any, image: TrainingImage) -> Tensor:
    pixels = np.asarray(load_picture(image.path), np.float32) / 127.5 - 1
    drawn = autoencoder.encode(torch.from_numpy(pixels).permute(2, 0, 1)[None]).latent_dist.sample()
    shift = autoencoder.config.shift_factor or 0.0
    latents: Tensor = (drawn - shift) * autoencoder.config.scaling_factor
    return latents


def _script(
    denoiser: Any,
    images: list[TrainingImage],
    layers: Sequence[str],
    loss: Callable[[TrainingImage], Tensor],
) -> Iterator[None]:
    """The scripts' common loop, for ever."""
    denoiser.requires_grad_(False)
    denoiser.add_adapter(
        peft.LoraConfig(
            r=4, lora_alpha=4, init_lora_weights="gaussian", target_modules=list(layers)
        )
    )
    trained = [parameter for parameter in denoiser.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=1e-2)
    for image in cycle(images):
        loss(image).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        yield


def main() -> None:
    """Print the rows of the benchmark table."""
    print("| what | ours | other | ratio | goal |\n| --- | --- | --- | --- | --- |")
    for each in measure():
        print(
            f"| LoRA steps/s, tiny {each.base}, against diffusers' script | {each.ours:.1f} | "
            f"{each.script:.1f} | {each.ratio:.2f}× | 1.5× |",
            flush=True,
        )


if __name__ == "__main__":
    main()
