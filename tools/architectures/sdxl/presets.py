"""The training settings that SDXL bases ship with.

`paper` holds the numbers of the consistent-characters paper; `fast` is ours: what a base needs on the machine
that it is meant for. Knows rows and numbers only.
"""

from __future__ import annotations

from tools.contracts.bases import BaseRow
from tools.contracts.training import LearningRateSchedule, LoraConfig

_PAPER_EPOCHS = 500
"""The paper says 400 to 600."""


def paper(row: BaseRow, images: int) -> LoraConfig:
    """Learning rate 1e-6 for U-Net and text encoders, dimension 64, 400 to 600 epochs."""
    return LoraConfig(
        preset="paper",
        steps=_PAPER_EPOCHS * images,
        rank=64,
        alpha=64,
        learning_rate=1e-6,
        text_learning_rate=1e-6,
        schedule=LearningRateSchedule.CONSTANT,
        warmup_steps=0,
        batch_size=1,
        crop_share=0.0,
        resolution=row.training_side,
        checkpoint_every=200,
    )


def fast(row: BaseRow, images: int) -> LoraConfig:  # noqa: ARG001 (as every preset is asked)
    """What the base needs: a small one with crop conditioning otherwise than the large ones."""
    return _large(row) if row.crop_side is None else _small(row, row.crop_side)


def _large(row: BaseRow) -> LoraConfig:
    """1e-4 at alpha = rank, as kohya and OneTrainer advise for SDXL."""
    return LoraConfig(
        preset="fast",
        steps=1500,
        rank=32,
        alpha=32,
        learning_rate=1e-4,
        schedule=LearningRateSchedule.COSINE,
        warmup_steps=50,
        batch_size=2,
        crop_share=0.0,
        resolution=row.training_side,
        checkpoint_every=100,
    )


def _small(row: BaseRow, crop_side: int) -> LoraConfig:
    """For a small base on two CPU cores: a high rate for few steps, convolutions too, crops on faces.

    All noise levels count the same: the likeness of a small face is in the low ones, which min-SNR
    weighs down. Longer runs learn the twenty pictures by heart (docs/measurements.md).
    """
    return LoraConfig(
        preset="fast",
        steps=250,
        rank=32,
        alpha=32,
        learning_rate=2e-3,
        schedule=LearningRateSchedule.FALL,
        warmup_steps=10,
        batch_size=4,
        crop_batch_size=16,
        crop_share=0.5,
        crop_side=crop_side,
        resolution=row.training_side,
        convolutions=True,
        face_weight=4.0,
        min_snr_gamma=None,
    )
