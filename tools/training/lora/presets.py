"""The training settings that ship, by name and base.

`paper` holds the numbers of the consistent-characters paper; `fast` is ours: what a base needs on
the machine that it is meant for. Knows rows and numbers only.
"""

from __future__ import annotations

from tools.contracts.bases import BaseRow, Family
from tools.contracts.training import LearningRateSchedule, LoraConfig
from tools.errors import UnknownName

NAMES = ("fast", "paper")
_PAPER_SIDE = 1024
_PAPER_EPOCHS = 500
"""The paper says 400 to 600."""


def preset(name: str, row: BaseRow, images: int = 20) -> LoraConfig:
    """Settings of one run.

    Args:
        name: `fast` or `paper`.
        row: the base to train on.
        images: pictures of the person in the set; the paper counts in epochs.

    Raises:
        UnknownName: no preset of that name.
    """
    if name not in NAMES:
        raise UnknownName(f"no training preset {name!r}; there are {' and '.join(NAMES)}")
    if row.family is Family.FLUX:
        return _flux_paper(row) if name == "paper" else _flux_fast(row)
    if name == "paper":
        return _sdxl_paper(row, images)
    return _sdxl_fast(row) if row.crop_side is None else _small_base_fast(row, row.crop_side)


def _sdxl_paper(row: BaseRow, images: int) -> LoraConfig:
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
        resolution=_side(row),
        checkpoint_every=200,
    )


def _flux_paper(row: BaseRow) -> LoraConfig:
    """Polynomial from 5e-4, 100 warm-up steps, dimension 16 to 32, 1400 to 1600 steps."""
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
        resolution=_side(row),
        min_snr_gamma=None,
        checkpoint_every=200,
    )


def _sdxl_fast(row: BaseRow) -> LoraConfig:
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
        resolution=_side(row),
        checkpoint_every=100,
    )


def _flux_fast(row: BaseRow) -> LoraConfig:
    """1e-4, rank 16, EMA 0.99, as ai-toolkit advises for schnell."""
    return LoraConfig(
        preset="fast",
        steps=1500,
        rank=16,
        alpha=16,
        learning_rate=1e-4,
        schedule=LearningRateSchedule.CONSTANT,
        warmup_steps=50,
        batch_size=1,
        crop_share=0.0,
        resolution=_side(row),
        min_snr_gamma=None,
        ema_decay=0.99,
        checkpoint_every=100,
    )


def _small_base_fast(row: BaseRow, crop_side: int) -> LoraConfig:
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
        resolution=_side(row),
        convolutions=True,
        face_weight=4.0,
        min_snr_gamma=None,
    )


def _side(row: BaseRow) -> int:
    """Side of training pictures: the base's own, at most the paper's 1024."""
    size = row.sizes[0]
    return min(_PAPER_SIDE, size.width, size.height)
