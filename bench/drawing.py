"""Six shots in one call of the local backend, against six plain pipeline calls.

Run as `python -m bench.drawing`. The plain side is diffusers' own pipeline as a reader of its
documentation would use it, once as it comes (fp32) and once in the arithmetic that is fastest here
(`tools.compute`; where a CPU has no bf16 that is fp32 again).
"""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionXLPipeline

from tools.backends.bases import BaseCatalog
from tools.backends.local.draw import LocalBackend
from tools.compute import drawing_compute
from tools.contracts.bases import BaseRow
from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.language.prompt.anchor import with_anchor
from tools.store.files import FileStore

EXPRESSIONS = ("neutral expression", "smiling", "sad", "angry", "laughing", "surprised")
CAST = (
    CastMember(
        name="Mara",
        identity_block="fair skin, red bob haircut, green eyes",
        light="soft window light",
    ),
)


@dataclass(frozen=True)
class DrawingRatio:
    """Seconds for all six pictures, in one run on this machine."""

    ours_s: float
    plain_s: float
    plain_fast_s: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is than the plain pipeline as it comes."""
        return self.plain_s / self.ours_s

    @property
    def ratio_fast(self) -> float:
        """How many times faster ours is than the plain pipeline in the fastest arithmetic."""
        return self.plain_fast_s / self.ours_s


def measure() -> DrawingRatio:
    """Time all three; models are loaded and warm before."""
    with tempfile.TemporaryDirectory() as home:
        catalog = BaseCatalog(Path(home))
        files = FileStore(Path(home))
        backend = LocalBackend(catalog, files.path, batch_size=len(EXPRESSIONS))
        requests = [_request(catalog, place) for place in range(len(EXPRESSIONS))]
        list(backend.draw([requests[0].model_copy(update={"steps": 2})]))
        begun = time.perf_counter()
        list(backend.draw(requests))
        ours = time.perf_counter() - begun
        pipeline = _plain_pipeline(catalog)
        return DrawingRatio(
            ours,
            _plain(pipeline, requests, nullcontext()),
            _plain(pipeline, requests, plain_arithmetic(catalog.row("maquette"))),
        )


def _request(catalog: BaseCatalog, place: int) -> ImageRequest:
    row = catalog.row("maquette")
    scene = f"close-up photo of a young woman, {EXPRESSIONS[place]}, grey studio backdrop"
    return ImageRequest(
        prompt=with_anchor(scene, CAST),
        cast=CAST,
        purpose=Purpose.TAKE,
        base=row.name,
        size=row.sizes[0],
        seed=place,
        steps=row.steps,
        guidance=row.guidance,
    )


def plain_arithmetic(row: BaseRow) -> AbstractContextManager[object]:
    """What a reader who knows this CPU would add to the plain call."""
    return drawing_compute(row, torch.device("cpu")).autocast()


def _plain_pipeline(catalog: BaseCatalog) -> Any:
    pipeline = StableDiffusionXLPipeline.from_pretrained(
        catalog.folder("maquette"), add_watermarker=False
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _plain(pipeline: Any, requests: list[ImageRequest], mode: Any) -> float:
    with mode:
        pipeline(requests[0].prompt, num_inference_steps=2, height=256, width=256)
        begun = time.perf_counter()
        for request in requests:
            pipeline(
                request.prompt,
                num_inference_steps=request.steps,
                guidance_scale=request.guidance,
                height=request.size.height,
                width=request.size.width,
                generator=torch.Generator().manual_seed(request.seed),
            )
        return time.perf_counter() - begun


if __name__ == "__main__":
    result = measure()
    print(f"six shots in a batch {result.ours_s:.1f} s; six plain calls {result.plain_s:.1f} s")
    print(f"{result.ratio:.2f}× (in the fastest arithmetic: {result.ratio_fast:.2f}×)")
