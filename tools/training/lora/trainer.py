"""The state of one run, and one step of it.

Knows data, adapter, optimizer and average; must not know files or when to stop.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from tools.compute import Compute
from tools.contracts.bases import BaseRow
from tools.contracts.training import LoraConfig, TrainingImage
from tools.training.lora.adapter import Adapter
from tools.training.lora.checkpoints import Checkpoint, optimizer_tensors, restore_optimizer
from tools.training.lora.data import Batch, draw_batch, encode_items, step_generator
from tools.training.lora.learner import Conditioning, Learner, joined
from tools.training.lora.rates import rate_factor

_ENCODE_TOGETHER = 16


class Trainer:
    """Data, adapter and optimizer of one run, and the number of steps that they have seen."""

    def __init__(
        self,
        learner: Learner,
        images: Sequence[TrainingImage],
        row: BaseRow,
        config: LoraConfig,
        captions: tuple[str, ...],
        compute: Compute,
    ) -> None:
        self.row, self.config, self.step = row, config, 0
        self._compute = compute
        self._learner = learner
        self._items = encode_items(images, learner.encode_pictures, config)
        self._places = {caption: place for place, caption in enumerate(captions)}
        self._text = self._cached_text(captions) if config.text_learning_rate is None else None
        self.adapter = Adapter(learner, row, config)
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
        return joined(
            [
                self._learner.encode_text(captions[at : at + _ENCODE_TOGETHER])
                for at in range(0, len(captions), _ENCODE_TOGETHER)
            ]
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
        with self._compute.autocast():
            errors = self._learner.errors(batch, self._conditioning(batch), generator)
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
            return self._learner.encode_text(batch.captions)
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
            average={key: value.clone() for key, value in self._average.items()},
            optimizer=optimizer_tensors(self._optimizer),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint of the same run."""
        self.step = checkpoint.step
        self.adapter.load(checkpoint.adapter)
        self._average = dict(checkpoint.average)
        restore_optimizer(self._optimizer, checkpoint.optimizer)
