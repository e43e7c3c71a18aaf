"""The state of one run, and one step of it.

Knows data, adapter, optimizer and average; must not know files or when to stop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig
from tools.training.lora.adapter import Adapter
from tools.training.lora.checkpoints import (
    Checkpoint,
    optimizer_tensors,
    restore_optimizer,
    restore_scaler,
    scaler_tensors,
)
from tools.training.lora.compiled import compile_blocks, worth_compiling
from tools.training.lora.data import Batch, Item, draw_batch, step_generator
from tools.training.lora.learner import Conditioning, Learner, Means, Noise, draw_noise
from tools.training.lora.rates import rate_factor

_LEAST_SCALE = 1.0
"""Of an fp16 loss: where a gradient is not finite even so, it is not for want of range."""


@dataclass(frozen=True)
class Material:
    """What a run learns from, encoded."""

    items: tuple[Item, ...]
    captions: tuple[str, ...]
    text: Conditioning | None
    """Of the captions, in their order; None where the text encoders learn too."""


class Trainer:
    """Adapter and optimizer of one run, and the number of steps that they have seen."""

    def __init__(
        self, learner: Learner, material: Material, row: BaseRow, config: LoraConfig, means: Means
    ) -> None:
        """Put an adapter into the learner's denoiser, which must be present; so must texts that learn."""
        self.row, self.config, self.step = row, config, 0
        self._compute, self._plan = means.compute, means.plan
        self._learner, self._material = learner, material
        self._places = {caption: place for place, caption in enumerate(material.captions)}
        self.adapter = Adapter(learner, row, config, means.training_adapter)
        if self._plan.checkpointing:
            getattr(learner.pipeline, learner.denoiser).enable_gradient_checkpointing()
        self._parameters: list[Tensor] = list(self.adapter.parameters.values())
        self._average = self._copies() if config.ema_decay is not None else {}
        self._optimizer = self._build_optimizer()
        self._scaler = means.compute.scaler()

    def _copies(self) -> dict[str, Tensor]:
        """The weights again, where they are: an average that moved with every step would stop it."""
        return {key: each.detach().clone() for key, each in self.adapter.parameters.items()}

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

    @property
    def learning_rate(self) -> float:
        """Of the denoiser, in the step just made."""
        return self.config.learning_rate * rate_factor(self.config, max(0, self.step - 1))

    def settle(self) -> None:
        """Before the first step, and after a checkpoint was restored: compile what a long run gains by."""
        left = self.config.steps - self.step
        if worth_compiling(self._compute, left, eight_bits=self._plan.eight_bits):
            denoiser = getattr(self._learner.pipeline, self._learner.denoiser)
            compile_blocks(denoiser, self._parameters, self._learn)

    def _learn(self) -> tuple[Batch, list[Tensor]]:
        """Add the gradients of the coming step's batch; returns it and the losses of its passes."""
        generator = step_generator(self.config.seed, self.step)
        batch = draw_batch(self._material.items, self.config, generator)
        noise = draw_noise(batch.latents, generator)
        return batch, [self._backward(batch, noise, chosen) for chosen in self._passes(batch)]

    def train_step(self) -> tuple[float, float]:
        """Make one step.

        Returns:
            The loss, and the batch's size in whole pictures.

        Raises:
            FloatingPointError: loss or gradient is not finite; the weights are untouched.
        """
        self._optimizer.zero_grad(set_to_none=True)
        batch, losses = self._learn()
        self._scaler.unscale_(self._optimizer)
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, self.config.gradient_clip)
        # The one place where a step waits for the device.
        *parts, gradient = torch.stack([*losses, norm]).tolist()
        self._require_finite("loss", sum(parts))
        if self._scaler.get_scale() <= _LEAST_SCALE:
            self._require_finite("gradient", gradient)
        self._update()
        self.step += 1
        return sum(parts), batch.pictures

    def _passes(self, batch: Batch) -> list[slice]:
        """The samples of each pass: as many as fit at once, crops by their size."""
        count = len(batch.captions)
        passes = math.ceil(batch.pictures / self._plan.batch)
        size = math.ceil(count / passes)
        return [slice(at, min(at + size, count)) for at in range(0, count, size)]

    def _backward(self, batch: Batch, noise: Noise, chosen: slice) -> Tensor:
        """Add the gradients of some samples; returns their share of the batch's loss."""
        part = batch.rows(chosen)
        with self._compute.autocast():
            errors = self._learner.errors(part, self._conditioning(part), noise.rows(chosen))
        share = len(part.captions) / len(batch.captions)
        loss: Tensor = (errors * part.sample_weights).mean() * share
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _conditioning(self, batch: Batch) -> Conditioning:
        if self._material.text is None:
            return self._learner.encode_text(batch.captions)
        return self._material.text.rows([self._places[caption] for caption in batch.captions])

    @staticmethod
    def _require_finite(what: str, value: float) -> None:
        if not math.isfinite(value):
            raise FloatingPointError(f"the {what} is {value}")

    @torch.no_grad()
    def _update(self) -> None:
        factor = rate_factor(self.config, self.step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["top"] * factor
        self._scaler.step(self._optimizer)
        self._scaler.update()
        if self.config.ema_decay is not None:
            share = max(1 - self.config.ema_decay, 1 / (self.step + 2))
            torch._foreach_lerp_(list(self._average.values()), self._parameters, share)

    def result(self) -> dict[str, Tensor]:
        """The weights to publish, on the CPU: the average where one is kept."""
        return {key: value.cpu() for key, value in self._average.items()} or self.adapter.tensors()

    def checkpoint(self, run: str) -> Checkpoint:
        """The state after the last step made."""
        return Checkpoint(
            step=self.step,
            run=run,
            adapter=self.adapter.tensors(),
            average={key: value.cpu().clone() for key, value in self._average.items()},
            optimizer=optimizer_tensors(self._optimizer),
            scaler=scaler_tensors(self._scaler),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same run."""
        self.step = checkpoint.step
        self.adapter.load(checkpoint.adapter)
        for key, value in checkpoint.average.items():
            self._average[key].copy_(value)
        restore_optimizer(self._optimizer, checkpoint.optimizer)
        restore_scaler(self._scaler, checkpoint.scaler)
