"""Loads a base's pipeline, in the shape that is fastest for how this machine computes.

Knows diffusers folders; numbers and devices are `tools.compute`'s, classes and shapes the
architecture's. Must not know prompts or adapters.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from torch import nn

from tools.architectures.architecture import Architecture, Mode
from tools.architectures.guided import GuidedDenoiser
from tools.architectures.registry import load_architecture
from tools.backends.local.placement import Placed, within_memory
from tools.backends.memory import plan_drawing
from tools.backends.weights import read_index, weighed, weighted_parts
from tools.compute import Compute, device_facts, drawing_compute, numbers_of
from tools.contracts.bases import BaseRow
from tools.contracts.memory import DeviceFacts, MemoryPlan
from tools.errors import BaseUnavailable


@dataclass(frozen=True)
class LoadedBase:
    """A pipeline in memory with what drawing must know of it."""

    row: BaseRow
    architecture: Architecture
    pipeline: Any
    """diffusers text-to-image pipeline; the other modes share its parts."""
    compute: Compute
    plan: MemoryPlan
    """By which it was brought to the device."""
    placed: Placed
    guide: Any = None
    """The denoiser that the row's guide names, if it does; adapters are never put on it."""

    def for_mode(self, mode: Mode, scheduler: Any, *, guided: bool) -> Any:
        """A pipeline of the mode with these very parts, uncast, and a scheduler of its own.

        Args:
            mode: what pictures start from.
            scheduler: of this call.
            guided: whether the pipeline predicts with and without the prompt; the latter is then
                the guide's.
        """
        drawing = self.architecture.draw
        parts = {**self.pipeline.components, "scheduler": scheduler}
        if guided and self.guide is not None and self.row.guide is not None:
            highest = self.row.guide.highest_noise * scheduler.config.num_train_timesteps
            whole = GuidedDenoiser(parts[drawing.denoiser], self.guide, highest)
            parts[drawing.denoiser] = whole
        pipeline = drawing.pipelines[mode](**parts, **drawing.options)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def load_base(
    row: BaseRow,
    folder: Path,
    device: torch.device,
    *,
    batch: int = 1,
    facts: DeviceFacts | None = None,
) -> LoadedBase:
    """Load a base for drawing, and its guide if it has one, as `plan_drawing` finds that it fits.

    Args:
        row: the base.
        folder: its diffusers folder.
        device: to draw on.
        batch: pictures in one pass that are wanted.
        facts: of the device; asked when not given.

    Raises:
        BaseUnavailable: weights that do not load.
        FailedError: the device has too little memory.
    """
    architecture = load_architecture(row.architecture)
    compute = drawing_compute(row, device)
    need = weighed(row.memory, folder) if row.memory else None
    facts = facts or device_facts(device)
    plan = plan_drawing(row, need, numbers_of(compute), facts, batch=batch)
    with within_memory(plan, device):
        pipeline = _read_pipeline(row, folder, compute)
        denoiser = getattr(pipeline, architecture.draw.denoiser)
        guide = _load_guide(row, folder, type(denoiser), compute)
        for each in filter(None, (denoiser, guide)):
            architecture.draw.shape(each, compute)
            if compute.mixed:
                _keep_float_outputs(each)
        pipeline.vae.to(memory_format=torch.channels_last)
        if compute.mixed:
            _keep_float_outputs(pipeline.vae.decoder)
        placed = Placed(pipeline, architecture.draw.denoiser, plan, compute)
    return LoadedBase(row, architecture, pipeline, compute, plan, placed, guide)


def _read_pipeline(row: BaseRow, folder: Path, compute: Compute) -> Any:
    """The whole pipeline in the machine's own memory; `place` brings it to the device."""
    drawing = load_architecture(row.architecture).draw
    parts = [folder / part for part in weighted_parts(read_index(folder))]
    kind = drawing.pipelines[Mode.TEXT]
    return read_weights(row, kind, folder, parts, compute.storage, drawing.options)


def _load_guide(row: BaseRow, folder: Path, kind: Any, compute: Compute) -> Any:
    """The guide, ready to predict; None where the row names none."""
    if row.guide is None:
        return None
    if not load_architecture(row.architecture).draw.guided(row.guidance):
        raise BaseUnavailable(
            f"base {row.name} predicts nothing without the prompt at guidance {row.guidance:g}, "
            "so that a guide has nothing to do; take the guide out of its row"
        )
    where = folder / row.guide.folder
    guide = read_weights(row, kind, where, [where], compute.storage, {}).eval()
    return guide.to(compute.device)


def read_weights(
    row: BaseRow,
    kind: Any,
    folder: Path,
    parts: Sequence[Path],
    numbers: torch.dtype,
    options: Mapping[str, object],
) -> Any:
    """Load a pipeline or a model into the machine's own memory, from safetensors that are here.

    Args:
        row: the base, for the error's words.
        kind: a diffusers or transformers class.
        folder: of the pipeline or the model.
        parts: folders in which weights stand.
        numbers: to hold the weights in.
        options: what the class is built with beside its weights.

    Raises:
        BaseUnavailable: weights that do not load.
    """
    try:
        with quiet_libraries():
            return kind.from_pretrained(
                folder,
                dtype=numbers,
                use_safetensors=True,
                local_files_only=True,
                variant=_variant(parts),
                **options,
            )
    except (OSError, ValueError, RuntimeError) as error:
        first = str(error).strip().splitlines()[0]
        raise BaseUnavailable(
            f"base {row.name} does not load from {folder} ({first}); copy or download it again"
        ) from error


def _variant(parts: Sequence[Path]) -> str | None:
    """`fp16` where a part has only that variant of its weights."""
    for part in parts:
        names = [path.name for path in part.glob("*.safetensors")]
        if names and all(".fp16" in name for name in names):
            return "fp16"
    return None


def _keep_float_outputs(module: nn.Module) -> None:
    """Hand a module's result on in fp32: steps and pixels rounded to bf16 would lose detail."""

    def to_float(_: nn.Module, __: object, output: Any) -> Any:
        if isinstance(output, tuple):
            return tuple(part.float() for part in output)
        return output.float()

    module.register_forward_hook(to_float)


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep the loading bars and notices of diffusers and transformers off the terminal."""
    loggers = [diffusers.utils.logging, transformers.utils.logging]
    before = [(logger.get_verbosity(), logger.is_progress_bar_enabled()) for logger in loggers]
    for logger in loggers:
        logger.set_verbosity(logging.CRITICAL)
        logger.disable_progress_bar()
    try:
        yield
    finally:
        for logger, (level, bars) in zip(loggers, before, strict=True):
            logger.set_verbosity(level)
            if bars:
                logger.enable_progress_bar()
