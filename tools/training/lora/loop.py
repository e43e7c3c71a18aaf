"""Trains a LoRA on a loaded pipeline, step by step, resumable at every step.

Knows the order of things: data, adapter, steps, checkpoints, files. Must not know characters,
scenes, or in what the families differ.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig, TrainingImage, TrainProgress
from tools.errors import BadInput, TrainingFailed
from tools.training.lora.adapter import ADAPTER_FILE, Adapter, read_adapter, write_adapter
from tools.training.lora.checkpoints import (
    Checkpoint,
    forget_checkpoints,
    last_checkpoint,
    optimizer_tensors,
    restore_optimizer,
    save_checkpoint,
)
from tools.training.lora.data import Batch, draw_batch, encode_items, step_generator
from tools.training.lora.families import DiffusionFamily, family_for
from tools.training.lora.kohya import export_kohya, kohya_path
from tools.training.lora.modes import autocast, training_mode
from tools.training.lora.rates import rate_factor
from tools.training.lora.text import Conditioning

_ENCODE_TOGETHER = 16


def train_lora(
    pipeline: Any,
    images: Sequence[TrainingImage],
    row: BaseRow,
    config: LoraConfig,
    folder: Path,
) -> Generator[TrainProgress, None, None]:
    """Train an adapter; closing the iterator cancels and keeps a checkpoint of the last step.

    A folder with checkpoints of the same run is gone on with, bit for bit as if it had never
    stopped; one with the finished adapter answers at once.

    Args:
        pipeline: diffusers pipeline of the row's family, fp32, on its device; left as it was.
        images: pictures of the person, and regularisation pictures.
        row: the base that the pipeline was loaded from.
        config: one run's settings.
        folder: gets checkpoints, then the adapter in diffusers format (`pytorch_lora_weights
            .safetensors`) and, for SDXL, in kohya's (`<folder's name>_kohya.safetensors`).

    Yields:
        One item a step; the last carries the adapter.

    Raises:
        BadInput: settings that the base cannot follow, or a folder with another run.
        TrainingFailed: the loss or a gradient is not finite; names the last good checkpoint.
        StorageFailed: the disk did not take a file; earlier files are whole.
    """
    run = run_digest(images, row, config)
    finished = _finished(folder, run, config)
    if finished is not None:
        yield finished
        return
    captions = tuple(dict.fromkeys([*(image.caption for image in images), ""]))
    family = family_for(pipeline, row, config, captions)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(training_mode(family))
        trainer = _Trainer(family, images, row, config, captions)
        stack.callback(trainer.adapter.remove)
        yield from _run(trainer, folder, run)


def run_digest(images: Sequence[TrainingImage], row: BaseRow, config: LoraConfig) -> str:
    """SHA-256 over everything that changes the result: pictures' bytes, captions, boxes, settings.

    Raises:
        BadInput: a picture or mask that cannot be read.
    """
    digest = hashlib.sha256(f"{row.name}\n{row.source}\n{config.model_dump_json()}\n".encode())
    for image in images:
        digest.update(image.model_dump_json(exclude={"path", "mask"}).encode())
        for path in (image.path, image.mask):
            if path is not None:
                digest.update(_file_digest(path))
    return digest.hexdigest()


def _file_digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise BadInput(f"{path.name}: cannot be read ({error.strerror})") from error


def _finished(folder: Path, run: str, config: LoraConfig) -> TrainProgress | None:
    path = folder / ADAPTER_FILE
    if not path.exists():
        return None
    header = read_adapter(path).header
    if header.get("samecast_run") != run:
        raise BadInput(
            f"{folder} holds the adapter of a run with other pictures or settings; "
            "train into a new folder"
        )
    return TrainProgress(
        step=config.steps,
        steps=config.steps,
        loss=float(header["samecast_loss"]),
        learning_rate=config.learning_rate * rate_factor(config, config.steps - 1),
        samples_per_s=0.0,
        adapter=path,
    )


def _run(trainer: _Trainer, folder: Path, run: str) -> Generator[TrainProgress, None, None]:
    config = trainer.config
    found = last_checkpoint(folder, run)
    if found is not None:
        trainer.restore(found[1])
    saved = found[0] if found else None
    begun, pictures = time.monotonic(), 0.0
    while trainer.step < config.steps:
        try:
            loss, seen = trainer.train_step()
        except FloatingPointError as error:
            raise TrainingFailed(_failure(error, trainer.step, saved)) from error
        pictures += seen
        progress = TrainProgress(
            step=trainer.step,
            steps=config.steps,
            loss=loss,
            learning_rate=trainer.learning_rate,
            samples_per_s=pictures / max(time.monotonic() - begun, 1e-9),
        )
        if trainer.step == config.steps:
            path = _publish(trainer, folder, run, loss)
            yield progress.model_copy(update={"adapter": path})
            return
        if trainer.step % config.checkpoint_every == 0:
            saved = save_checkpoint(folder, trainer.checkpoint(run))
        try:
            yield progress
        except BaseException:
            save_checkpoint(folder, trainer.checkpoint(run))
            raise


def _failure(error: FloatingPointError, step: int, saved: Path | None) -> str:
    kept = f"the last good checkpoint is {saved}" if saved else "no checkpoint was written yet"
    return (
        f"training diverged in step {step + 1} ({error}); {kept}; "
        "lower the learning rate and train into a new folder"
    )


def _publish(trainer: _Trainer, folder: Path, run: str, loss: float) -> Path:
    """Write the finished adapter; the diffusers file comes last, because it says `finished`."""
    path = folder / ADAPTER_FILE
    partial = folder / f".finished.{ADAPTER_FILE}"
    header = {
        "samecast_run": run,
        "samecast_loss": repr(loss),
        "samecast_base": trainer.row.name,
        "samecast_steps": str(trainer.config.steps),
    }
    write_adapter(partial, trainer.result(), trainer.adapter.settings(), header)
    if trainer.adapter.has_kohya_names:
        export_kohya(partial, kohya_path(folder))
    partial.replace(path)
    forget_checkpoints(folder)
    return path


class _Trainer:
    """Data, adapter and optimizer of one run, and the number of steps that they have seen."""

    def __init__(
        self,
        family: DiffusionFamily,
        images: Sequence[TrainingImage],
        row: BaseRow,
        config: LoraConfig,
        captions: tuple[str, ...],
    ) -> None:
        self.row, self.config, self.step = row, config, 0
        self._family = family
        self._items = encode_items(images, family.encode_pictures, config)
        self._places = {caption: place for place, caption in enumerate(captions)}
        self._text = self._cached_text(captions) if config.text_learning_rate is None else None
        self.adapter = Adapter(family, row, config)
        self._parameters = list(self.adapter.parameters.values())
        self._average = self.adapter.tensors() if config.ema_decay is not None else {}
        self._optimizer = self._build_optimizer()

    def _build_optimizer(self) -> torch.optim.AdamW:
        config = self.config
        groups = [{"params": self.adapter.denoiser_parameters(), "top": config.learning_rate}]
        if config.text_learning_rate is not None:
            groups.append(
                {"params": self.adapter.text_parameters(), "top": config.text_learning_rate}
            )
        return torch.optim.AdamW(
            groups,
            lr=config.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=config.weight_decay,
            fused=True,
        )

    @torch.no_grad()
    def _cached_text(self, captions: tuple[str, ...]) -> Conditioning:
        parts = [
            self._family.encode_text(captions[at : at + _ENCODE_TOGETHER])
            for at in range(0, len(captions), _ENCODE_TOGETHER)
        ]
        return Conditioning(
            torch.cat([part.sequence for part in parts]), torch.cat([part.pooled for part in parts])
        )

    @property
    def learning_rate(self) -> float:
        """Of the denoiser, in the step just made."""
        return self.config.learning_rate * rate_factor(self.config, max(0, self.step - 1))

    def train_step(self) -> tuple[float, float]:
        """Make one step.

        Returns:
            The loss, and the batch's size in whole pictures.

        Raises:
            FloatingPointError: loss or gradient is not finite; the weights are untouched.
        """
        generator = step_generator(self.config.seed, self.step)
        batch = draw_batch(self._items, self.config, generator)
        with autocast(batch.latents.device, self.row, self.config):
            errors = self._family.errors(batch, self._conditioning(batch), generator)
        loss = (errors * batch.sample_weights).mean()
        self._require_finite("loss", loss)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, self.config.gradient_clip)
        self._require_finite("gradient", norm)
        self._update()
        self.step += 1
        return float(loss.detach()), batch.pictures

    def _conditioning(self, batch: Batch) -> Conditioning:
        if self._text is None:
            return self._family.encode_text(batch.captions)
        return self._text.rows([self._places[caption] for caption in batch.captions])

    @staticmethod
    def _require_finite(what: str, value: Tensor) -> None:
        if not math.isfinite(float(value.detach())):
            raise FloatingPointError(f"the {what} is {float(value.detach())}")

    @torch.no_grad()
    def _update(self) -> None:
        factor = rate_factor(self.config, self.step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["top"] * factor
        self._optimizer.step()
        if self.config.ema_decay is not None:
            share = max(1 - self.config.ema_decay, 1 / (self.step + 2))
            for key, parameter in self.adapter.parameters.items():
                self._average[key].lerp_(parameter.cpu(), share)

    def result(self) -> dict[str, Tensor]:
        """The weights to publish: the average where one is kept."""
        return self._average or self.adapter.tensors()

    def checkpoint(self, run: str) -> Checkpoint:
        """The state after the last step made."""
        return Checkpoint(
            step=self.step,
            run=run,
            adapter=self.adapter.tensors(),
            average=self._average,
            optimizer=optimizer_tensors(self._optimizer),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same run."""
        self.step = checkpoint.step
        self.adapter.load(checkpoint.adapter)
        self._average = dict(checkpoint.average)
        restore_optimizer(self._optimizer, checkpoint.optimizer)
