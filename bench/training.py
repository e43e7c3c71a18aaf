"""LoRA training samples a second, ours against a plain loop.

Run as `python -m bench.training`. The plain loop has the defaults of diffusers' SDXL LoRA script:
image and text encoded in every step, batch 1, fp32, rank 4 on attention, AdamW. Ours is the `fast`
preset on whole pictures only and with the script's rank, so that a sample is the same 256×256
picture and the adapter as small on both sides (ours has the feed-forward layers besides). The two
take turns, so that other load on the machine meets both.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import peft
import torch
from diffusers import DDPMScheduler, StableDiffusionXLPipeline
from torch import Tensor

from tools.architectures.registry import preset
from tools.backends.bases import BaseCatalog
from tools.backends.local.trainer import LocalTrainer
from tools.contracts.bases import BaseRow
from tools.contracts.training import TrainingImage
from tools.imaging.pictures import load_picture
from tools.textfiles import lines_of, read_text_file

CAST = Path(__file__).parents[1] / "tests" / "data" / "cast"
PERSON = 2
ROUNDS = 3
PLAIN_STEPS, OUR_STEPS = 8, 4
"""Steps a round; the first round warms up and is not counted."""


@dataclass(frozen=True)
class TrainingRatio:
    """Samples a second of both ways, in one run on this machine."""

    ours: float
    plain: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.ours / self.plain


def measure() -> TrainingRatio:
    """Time both ways in turns; ours loads and encodes in the round that is not counted."""
    catalog = BaseCatalog(Path(tempfile.gettempdir()))
    row = catalog.row("maquette")
    config = preset("fast", row).model_copy(
        update={"crop_share": 0.0, "rank": 4, "alpha": 4.0, "convolutions": False}
    )
    with tempfile.TemporaryDirectory() as home:
        images = _images()
        ours = LocalTrainer(catalog).train("maquette", images, config, Path(home) / "run")
        plain = _plain_steps(_load(catalog), row)
        seconds = [
            (_seconds(lambda: _take(ours, OUR_STEPS)), _seconds(lambda: _take(plain, PLAIN_STEPS)))
            for _ in range(1 + ROUNDS)
        ][1:]
        ours.close()
    return TrainingRatio(
        ours=ROUNDS * OUR_STEPS * config.batch_size / sum(pair[0] for pair in seconds),
        plain=ROUNDS * PLAIN_STEPS / sum(pair[1] for pair in seconds),
    )


def _load(catalog: BaseCatalog) -> Any:
    return StableDiffusionXLPipeline.from_pretrained(catalog.folder("maquette"))


def _images() -> list[TrainingImage]:
    lines = [line for _, line in lines_of(read_text_file(CAST / "metadata.jsonl"))]
    rows = [row for row in map(json.loads, lines) if row["person"] == PERSON]
    return [TrainingImage(path=CAST / row["file_name"], caption=row["text"]) for row in rows]


def _take(steps: Iterator[object], count: int) -> None:
    for _ in islice(steps, count):
        pass


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _plain_steps(pipeline: Any, row: BaseRow) -> Iterator[None]:
    """Train as the script does, one picture a step, for ever."""
    schedule = DDPMScheduler.from_config(pipeline.scheduler.config)
    for part in (pipeline.unet, pipeline.vae, pipeline.text_encoder, pipeline.text_encoder_2):
        part.requires_grad_(False)
    attention = ["to_k", "to_q", "to_v", "to_out.0"]
    pipeline.unet.add_adapter(
        peft.LoraConfig(r=4, lora_alpha=4, init_lora_weights="gaussian", target_modules=attention)
    )
    trained = [parameter for parameter in pipeline.unet.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=1e-2)
    side = row.sizes[0].width
    size = torch.tensor([[side, side, 0, 0, side, side]]).float()
    images = _images()
    step = 0
    while True:
        image = images[step % len(images)]
        loss = _plain_loss(pipeline, schedule, image, size)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        yield


def _plain_loss(pipeline: Any, schedule: Any, image: TrainingImage, size: Tensor) -> Tensor:
    pixels = np.asarray(load_picture(image.path), np.float32) / 127.5 - 1
    with torch.no_grad():
        encoded = pipeline.vae.encode(torch.from_numpy(pixels).permute(2, 0, 1)[None])
        latents = encoded.latent_dist.sample() * pipeline.vae.config.scaling_factor
        sequence, _, pooled, _ = pipeline.encode_prompt(
            image.caption, do_classifier_free_guidance=False
        )
    noise = torch.randn_like(latents)
    steps = torch.randint(0, 1000, (1,))
    answer = pipeline.unet(
        schedule.add_noise(latents, noise, steps),
        steps,
        sequence,
        added_cond_kwargs={"text_embeds": pooled, "time_ids": size},
    ).sample
    wanted = schedule.get_velocity(latents, noise, steps)
    return torch.nn.functional.mse_loss(answer, wanted)


def main() -> None:
    """Print the row of the benchmark table."""
    result = measure()
    print("| what | ours | other | ratio | goal |")
    print("|---|---|---|---|---|")
    print(
        f"| LoRA training, 256×256 pictures a second | {result.ours:.2f} | {result.plain:.2f} "
        f"(plain loop) | {result.ratio:.1f}× | 2× |"
    )


if __name__ == "__main__":
    main()
