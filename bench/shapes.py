"""One evaluation of the maquette's denoiser in every shape that it could compute in.

Attention, memory layout and batch, each beside the others.

Run as `python -m bench.shapes`. What `tools.compute` chooses stands on this table; a machine without bf16 is
played by `ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2`. Every figure is
the best of a few, in milliseconds a picture: other programs only ever add to a time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionXLPipeline
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0
from torch import Tensor

from tools.backends.bases import BaseCatalog
from tools.compute import Compute, drawing_compute

ATTENTION = {"plain": AttnProcessor, "fused": AttnProcessor2_0}
LAYOUT = {"channels last": torch.channels_last, "contiguous": torch.contiguous_format}
DRAWN = (2, 4, 8)
"""Rows of a guided evaluation: twice the pictures of a batch."""
LATENT, CROP = 64, 32
ROUNDS = 3


@dataclass(frozen=True)
class Shape:
    """One way to compute, with its times."""

    attention: str
    layout: str
    drawing_ms: tuple[float, ...]
    """A picture's evaluation without gradients, in batches of `DRAWN` rows."""
    training_ms: float
    """Forwards and backwards to the input, four whole pictures."""
    crops_ms: float
    """The same for sixteen crops, a whole picture's worth."""


def measure() -> tuple[Compute, list[Shape]]:
    """Time every shape in the arithmetic that this machine draws in."""
    catalog = BaseCatalog(Path(tempfile.gettempdir()))
    pipeline = StableDiffusionXLPipeline.from_pretrained(
        catalog.folder("maquette"), add_watermarker=False
    )
    compute = drawing_compute(catalog.row("maquette"), torch.device("cpu"))
    return compute, list(_shapes(pipeline.unet.requires_grad_(False), compute))


def _shapes(unet: Any, compute: Compute) -> Iterator[Shape]:
    for attention, layout in product(ATTENTION, LAYOUT):
        unet.set_attn_processor(ATTENTION[attention]())
        unet.to(memory_format=LAYOUT[layout])
        yield Shape(
            attention,
            layout,
            tuple(_drawing(unet, compute, rows) for rows in DRAWN),
            _training(unet, compute, 4, LATENT) / 4,
            _training(unet, compute, 16, CROP) / 4,
        )


def _drawing(unet: Any, compute: Compute, rows: int) -> float:
    inputs = torch.randn(rows, 4, LATENT, LATENT)

    def once() -> None:
        with torch.inference_mode(), compute.autocast():
            _evaluate(unet, inputs)

    return _best_ms(once) / rows


def _training(unet: Any, compute: Compute, rows: int, side: int) -> float:
    inputs = torch.randn(rows, 4, side, side, requires_grad=True)

    def once() -> None:
        with compute.autocast():
            answer = _evaluate(unet, inputs)
        answer.square().mean().backward()  # type: ignore[no-untyped-call]

    return _best_ms(once)


def _evaluate(unet: Any, inputs: Tensor) -> Tensor:
    rows, pixels = len(inputs), 256.0
    size = torch.tensor([[pixels, pixels, 0.0, 0.0, pixels, pixels]]).expand(rows, 6)
    words = torch.randn(rows, 77, unet.config.cross_attention_dim)
    pooled = torch.randn(
        rows,
        unet.config.projection_class_embeddings_input_dim - 6 * unet.config.addition_time_embed_dim,
    )
    more = {"text_embeds": pooled, "time_ids": size}
    answer: Tensor = unet(inputs, 500, words, added_cond_kwargs=more).sample
    return answer


def _best_ms(work: Callable[[], None]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def main() -> None:
    """Print the table."""
    compute, shapes = measure()
    print(f"{compute.why}; torch's kernels: {torch.backends.cpu.get_cpu_capability()}\n")
    print("| attention | layout | drawing, 2 / 4 / 8 rows | training | crops |")
    print("| --- | --- | --- | --- | --- |")
    for each in shapes:
        drawn = " / ".join(f"{ms:.0f}" for ms in each.drawing_ms)
        print(
            f"| {each.attention} | {each.layout} | {drawn} | {each.training_ms:.0f} | {each.crops_ms:.0f} |"
        )


if __name__ == "__main__":
    main()
