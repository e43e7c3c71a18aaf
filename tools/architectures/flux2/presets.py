"""The training settings that FLUX.2 bases ship with: the paper's, and ours."""

from __future__ import annotations

from tools.contracts.bases import BaseRow
from tools.contracts.training import LearningRateSchedule, LoraConfig


def paper(row: BaseRow, images: int) -> LoraConfig:  # noqa: ARG001 (as every preset is asked)
    """The paper's for FLUX.1: polynomial from 5e-4, 100 warm-up steps, dimension 16, 1500 steps."""
    return LoraConfig(
        preset="paper",
        steps=1500,
        rank=16,
        alpha=16,
        learning_rate=5e-4,
        schedule=LearningRateSchedule.POLYNOMIAL,
        warmup_steps=100,
        batch_size=1,
        crop_share=0.0,
        resolution=row.training_side,
        min_snr_gamma=None,
        checkpoint_every=200,
    )


def fast(row: BaseRow, images: int) -> LoraConfig:  # noqa: ARG001
    """1e-4, rank 32 and 750 steps: what peft's comparison of adapters on klein base 4B was run with."""
    return LoraConfig(
        preset="fast",
        steps=750,
        rank=32,
        alpha=32,
        learning_rate=1e-4,
        schedule=LearningRateSchedule.CONSTANT,
        warmup_steps=50,
        batch_size=1,
        crop_share=0.0,
        resolution=row.training_side,
        min_snr_gamma=None,
        ema_decay=0.99,
        checkpoint_every=100,
    )
