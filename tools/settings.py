"""What a person may set, from the environment (`SAMECAST_*`) or a `.env` file.

Knows names, defaults and bounds. Builds nothing: `tools.compose` turns settings into services.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def named_device(device: str) -> str:
    """Return the name if it is one of a device.

    Raises:
        ValueError: says which there are.
    """
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d{1,2})?", device):
        raise ValueError(f"device {device!r}: give auto, cpu, mps, cuda or cuda:N")
    return device


Device = Annotated[str, AfterValidator(named_device)]
"""How a person names a device; `auto` is a GPU where there is one."""


def _default_home() -> Path:
    return Path.home() / ".samecast"


class Settings(BaseSettings):
    """Settings of one studio (one home folder, one database)."""

    model_config = SettingsConfigDict(
        env_prefix="SAMECAST_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=_default_home)
    """Folder with the database, the content-addressed files, installed bases and checkpoints."""
    database_url: str | None = None
    """SQLAlchemy URL; None means `home/samecast.db` (SQLite)."""
    device: Device = "auto"
    """`auto` (a GPU where there is one), `cpu`, `mps`, `cuda`, or one of several cards as `cuda:1`."""
    threads: int = Field(default=0, ge=0, le=256)
    """CPU threads for torch; 0 leaves torch's own choice."""
    base: str = "maquette"
    """The base to draw with and train on when a command names none."""
    hub: str | None = None
    """Address of the hub that bases are downloaded from; None is huggingface.co."""
    embedder: str = "Dlib"
    """DeepFace model of the `photo` embedder (any DeepFace model name)."""
    appearance: str = "facebook/dinov2-small"
    """DINOv2 of the `appearance` embedder: a transformers folder, or a hub id that is on this disk."""
    calibration: str = ""
    """Which threshold judges faces, and with it which embedder; empty: the base's row and the character
    say it. `drawn`, `photo`, or one of your own made by `samecast calibrate`."""
    max_tries: int = Field(default=3, ge=1, le=10)
    """Takes of one shot before QC stops re-queueing."""
    batch_size: int = Field(default=4, ge=1, le=64)
    """Pictures drawn in one forward pass, where the device has the memory."""
    idle_seconds: float = Field(default=300.0, ge=0, le=86_400)
    """After so long without a picture a card is given back; 0 keeps the base on it."""
