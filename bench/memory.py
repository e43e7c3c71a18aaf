"""Memory plans against what the real models would take: `python -m bench.memory`.

Nothing of that size is on this machine. The real configurations are built without weights, and run once on
tensors that have a shape and no content, while the bytes of every storage that is alive are counted: the
highest count is the peak. Drawing runs one evaluation of the denoiser and decodes, training one step forwards
and backwards. Not counted: what a card's driver and its allocator take (the plans leave a share for that).
Goal: each estimate within 15 % of its peak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from diffusers import (
    AutoencoderKL,
    Flux2Transformer2DModel,
    FluxTransformer2DModel,
    UNet2DConditionModel,
)
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from bench.fake import Peak, materialise
from tools.architectures.registry import preset
from tools.backends import single_file as unpacking
from tools.backends.bases import read_table
from tools.backends.memory import plan_drawing, plan_training
from tools.compute import FILE_NUMBERS, FULL, Compute
from tools.contracts.bases import BaseRow
from tools.contracts.memory import GB, DeviceFacts, MemoryPlan, Numbers, Residency, Task
from tools.errors import FailedError

CARDS = {8: 7.6, 12: 11.4, 24: 23.0, 80: 78.0}
"""GB by which a card is sold, and what of it is free before a task."""
WANTED = 0.15
HALF = Numbers(storage=2, arithmetic=2, decoding=2)
DRAWN_TOGETHER = 4
_OPTIMIZER_BYTES = 8
_SDXL = Path(unpacking.__file__).parent / "data" / "sdxl" / "unet"
"""Stability's SDXL 1.0, as checkpoints in one file are unpacked."""
_KLEIN: dict[str, Any] = {
    "num_layers": 5,
    "num_single_layers": 20,
    "num_attention_heads": 24,
    "joint_attention_dim": 7680,
    "guidance_embeds": False,
}
"""FLUX.2 klein 4B's transformer: 5 double and 20 single blocks; it reads three layers of Qwen3-4B."""
KLEIN_REFERENCES = 4
_LATENTS = {"sdxl": 4, "flux": 16, "flux2": 32}
_AUTOENCODER = {
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "sample_size": 1024,
}


@dataclass(frozen=True)
class Compared:
    """One plan beside what the model would really take."""

    card: int
    row: BaseRow
    task: Task
    plan: MemoryPlan | None
    """None where the base cannot do it there."""
    refusal: str
    estimate: float
    peak: float

    @property
    def off(self) -> float:
        """How far the estimate is off, as a share of the peak."""
        return abs(self.estimate - self.peak) / self.peak if self.peak else 0.0


def _sdxl_step(model: Any, rows: int, side: int) -> Tensor:
    conditions = {"text_embeds": _half(rows, 1280), "time_ids": torch.randn(rows, 6)}
    latents, steps = _half(rows, 4, side // 8, side // 8), torch.zeros(rows, dtype=torch.long)
    answer: Tensor = model(
        latents, steps, _half(rows, 77, 2048), added_cond_kwargs=conditions
    ).sample
    return answer


def _flux_step(model: Any, rows: int, side: int) -> Tensor:
    patches = (side // 16) ** 2
    answer: Tensor = model(
        hidden_states=_half(rows, patches, 64),
        timestep=torch.ones(rows),
        guidance=torch.ones(rows) if model.config.guidance_embeds else None,
        pooled_projections=_half(rows, 768),
        encoder_hidden_states=_half(rows, 256, 4096),
        txt_ids=torch.zeros(256, 3),
        img_ids=torch.zeros(patches, 3),
    ).sample
    return answer


def _klein_step(model: Any, rows: int, side: int) -> Tensor:
    """Drawing has as many reference pictures beside it as a base's row takes; learning none."""
    patches = (side // 16) ** 2 * (1 if torch.is_grad_enabled() else 1 + KLEIN_REFERENCES)
    answer: Tensor = model(
        hidden_states=_half(rows, patches, 128),
        timestep=torch.ones(rows),
        guidance=None,
        encoder_hidden_states=_half(rows, 512, 7680),
        txt_ids=torch.zeros(rows, 512, 4),
        img_ids=torch.zeros(rows, patches, 4),
    ).sample
    return answer


def _half(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=FILE_NUMBERS)


_REAL: dict[str, Callable[[], Any]] = {
    "sdxl": lambda: UNet2DConditionModel.from_config(UNet2DConditionModel.load_config(_SDXL)),
    "flux": lambda: FluxTransformer2DModel(guidance_embeds=False),
    "flux2": lambda: Flux2Transformer2DModel(**_KLEIN),
}
_STEP: dict[str, Callable[[Any, int, int], Tensor]] = {
    "sdxl": _sdxl_step,
    "flux": _flux_step,
    "flux2": _klein_step,
}


def measure() -> Iterator[Compared]:
    """Every card, base with a known footprint, and task."""
    rows = [row for row in read_table() if isinstance(row, BaseRow) and row.architecture in _REAL]
    for row in rows:
        if row.memory is not None and row.sizes[0].width >= 1024:
            for card in CARDS:
                for task in Task:
                    yield compare(card, row, task)


def compare(card: int, row: BaseRow, task: Task) -> Compared:
    """Plan one task, and run its largest stage on the real configuration."""
    free = int(CARDS[card] * GB)
    facts = DeviceFacts(kind="cuda", name=f"a card of {card} GB", total=card * GB, free=free)
    try:
        if task is Task.DRAW:
            numbers = HALF.model_copy(update={"decoding": 4 if _decodes_in_full(row) else 2})
            plan = plan_drawing(row, row.memory, numbers, facts, batch=DRAWN_TOGETHER)
        else:
            plan = plan_training(row, row.memory, HALF, facts, preset("fast", row))
    except FailedError as error:
        return Compared(card, row, task, None, str(error), 0.0, 0.0)
    stage = plan.peak
    assert stage is not None
    peak = {"denoiser": denoiser_gb, "decoding": decoding_gb, "encoding": encoding_gb}
    measured = peak[stage.name](row, plan) if stage.name in peak else stage.gb
    return Compared(card, row, task, plan, "", stage.gb, measured)


def denoiser_gb(row: BaseRow, plan: MemoryPlan) -> float:
    """The denoiser at work, and what lies beside it."""
    training = plan.task is Task.TRAIN
    config = preset("fast", row)
    with torch.device("meta"):
        model: Any = _REAL[row.architecture]()
    model.requires_grad_(False)
    if training:
        rank = config.rank
        model.add_adapter(
            peft.LoraConfig(r=rank, lora_alpha=rank, target_modules=list(row.lora_targets))
        )
    if plan.checkpointing:
        model.enable_gradient_checkpointing()
    with FakeTensorMode(allow_non_fake_inputs=True):
        materialise(model, FILE_NUMBERS, eight_bits=plan.eight_bits)
        trained = sum(each.numel() for each in model.parameters() if each.requires_grad)
        counted = Peak(model)
        compute = Compute(torch.device("cpu"), FILE_NUMBERS, FILE_NUMBERS, "", adapting=training)
        with torch.set_grad_enabled(training), counted, compute.autocast():
            answer = _STEP[row.architecture](model, _rows(row, plan), row.training_side)
            if training:
                answer.float().pow(2).mean().backward()  # type: ignore[no-untyped-call]
    streamed = _streamed_away(row, plan)
    beside = _beside(plan) + trained * _OPTIMIZER_BYTES / GB
    return float(counted.peak / GB - streamed + beside)


def _rows(row: BaseRow, plan: MemoryPlan) -> int:
    """Rows of one pass: SDXL predicts with and without the prompt at once, others one after the other."""
    both = row.architecture == "sdxl" and row.guidance > 1
    return plan.batch * (2 if plan.task is Task.DRAW and both else 1)


def _streamed_away(row: BaseRow, plan: MemoryPlan) -> float:
    """What of the denoiser is not on the device where its blocks come and go."""
    if plan.residency is not Residency.BLOCKS or row.memory is None:
        return 0.0
    return HALF.weights(row.memory.denoiser - 2 * row.memory.block)


def _beside(plan: MemoryPlan) -> float:
    """Other models and adapters that are there meanwhile: weights that lie still, by arithmetic."""
    stage = next(stage for stage in plan.stages if stage.name == "denoiser")
    still = ("texts", "autoencoder", "adapters")
    return sum(term.gb for term in stage.terms if term.what in still)


def decoding_gb(row: BaseRow, plan: MemoryPlan) -> float:
    """Pictures on their way out of the autoencoder, and what lies beside it."""
    stage = next(stage for stage in plan.stages if stage.name == "decoding")
    beside = sum(term.gb for term in stage.terms if term.what not in ("autoencoder", "pictures"))
    count = 1 if plan.sliced else plan.batch
    numbers = FULL if _decodes_in_full(row) else FILE_NUMBERS
    return beside + _autoencoder_gb(row, numbers, count, decoding=True)


def _decodes_in_full(row: BaseRow) -> bool:
    return row.half_precision == "fp16"


def encoding_gb(row: BaseRow, plan: MemoryPlan) -> float:
    """Training pictures on their way into the autoencoder, in fp32."""
    return _autoencoder_gb(row, FULL, plan.encode_together, decoding=False)


def _autoencoder_gb(row: BaseRow, numbers: torch.dtype, count: int, *, decoding: bool) -> float:
    channels, side = _LATENTS[row.architecture], row.training_side
    with torch.device("meta"):
        model = AutoencoderKL(**_AUTOENCODER, latent_channels=channels).requires_grad_(False)
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        materialise(model, numbers)
        counted = Peak(model)
        with counted:
            if decoding:
                model.decode(torch.randn(count, channels, side // 8, side // 8, dtype=numbers))
            else:
                model.encode(torch.randn(count, 3, side, side, dtype=numbers))
    return counted.peak / GB


def main() -> None:
    """Print the table of docs/bases.md and how far the estimates are off."""
    print("| card | base | task | how | plan, GB | real configuration, GB | off |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    worst = 0.0
    for each in measure():
        head = f"| {each.card} GB | {each.row.name} | {each.task} |"
        if each.plan is None:
            print(f"{head} does not fit: {each.refusal} | | | |", flush=True)
            continue
        worst = max(worst, each.off)
        stage = each.plan.peak
        assert stage is not None
        numbers = f"{each.estimate:.1f} ({stage.name}) | {each.peak:.1f} | {each.off:.0%}"
        print(f"{head} {each.plan.how} | {numbers} |", flush=True)
    print(f"\nworst estimate off by {worst:.0%} (goal {WANTED:.0%})")


if __name__ == "__main__":
    main()
