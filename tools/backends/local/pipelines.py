"""Loads a base's pipeline, in the shape that is fastest for how this machine computes.

Knows diffusers folders; numbers and devices are `tools.compute`'s, classes and shapes the
architecture's. Must not know prompts or adapters.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from torch import nn

from tools.architectures.architecture import Architecture, Mode
from tools.architectures.registry import load_architecture
from tools.backends.weights import read_index, weighted_parts
from tools.compute import Compute, drawing_compute, training_compute
from tools.contracts.bases import BaseRow
from tools.errors import BaseUnavailable


@dataclass(frozen=True)
class LoadedBase:
    """A pipeline in memory with what drawing must know of it."""

    row: BaseRow
    architecture: Architecture
    pipeline: Any
    """diffusers text-to-image pipeline; the other modes share its parts."""
    compute: Compute

    def for_mode(self, mode: Mode, scheduler: Any) -> Any:
        """A pipeline of the mode with these very parts, uncast, and a scheduler of its own."""
        drawing = self.architecture.draw
        parts = {**self.pipeline.components, "scheduler": scheduler}
        pipeline = drawing.pipelines[mode](**parts, **drawing.options)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def load_base(row: BaseRow, folder: Path, device: torch.device) -> LoadedBase:
    """Load a base for drawing, in the numbers of `drawing_compute`.

    Raises:
        BaseUnavailable: weights that do not load.
    """
    architecture = load_architecture(row.architecture)
    compute = drawing_compute(row, device)
    pipeline = _load(row, folder, compute)
    architecture.draw.shape(pipeline, compute)
    if compute.mixed:
        _keep_float_outputs(getattr(pipeline, architecture.draw.denoiser))
        _keep_float_outputs(pipeline.vae.decoder)
    return LoadedBase(row, architecture, pipeline, compute)


def load_for_training(row: BaseRow, folder: Path, device: torch.device) -> Any:
    """Load a base's pipeline fresh in fp32, shared with nobody.

    Raises:
        BaseUnavailable: weights that do not load.
    """
    return _load(row, folder, training_compute(row, device))


def _load(row: BaseRow, folder: Path, compute: Compute) -> Any:
    drawing = load_architecture(row.architecture).draw
    try:
        with quiet_libraries():
            pipeline = drawing.pipelines[Mode.TEXT].from_pretrained(
                folder,
                dtype=compute.storage,
                use_safetensors=True,
                local_files_only=True,
                variant=_variant(folder),
                **drawing.options,
            )
            return pipeline.to(compute.device)
    except torch.OutOfMemoryError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        first = str(error).strip().splitlines()[0]
        raise BaseUnavailable(
            f"base {row.name} does not load from {folder} ({first}); copy or download it again"
        ) from error


def _variant(folder: Path) -> str | None:
    """`fp16` where a part has only that variant of its weights."""
    for part in weighted_parts(read_index(folder)):
        names = [path.name for path in (folder / part).glob("*.safetensors")]
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
