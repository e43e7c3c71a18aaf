"""Tiny models of each architecture, loaded as their pipelines; the labelled frames of the cast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.cast_frames import cast, people

__all__ = ["cast", "people"]


@pytest.fixture(scope="session")
def model_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from tests.support.tiny_models import (
        build_micro_maquette,
        build_tiny_flux,
        build_tiny_klein,
        build_tiny_sdxl,
    )

    root = tmp_path_factory.mktemp("models")
    return {
        "sdxl": build_tiny_sdxl(root / "sdxl"),
        "flux": build_tiny_flux(root / "flux"),
        "flux2": build_tiny_klein(root / "flux2", distilled=False),
        "maquette": build_micro_maquette(root / "maquette"),
    }


@pytest.fixture
def sdxl(model_folders: dict[str, Path]) -> Any:
    from diffusers import StableDiffusionXLPipeline

    return _quiet(StableDiffusionXLPipeline.from_pretrained(model_folders["sdxl"]))


@pytest.fixture
def flux(model_folders: dict[str, Path]) -> Any:
    from diffusers import FluxPipeline

    return _quiet(FluxPipeline.from_pretrained(model_folders["flux"]))


@pytest.fixture
def flux2(model_folders: dict[str, Path]) -> Any:
    from diffusers import Flux2KleinPipeline

    return _quiet(Flux2KleinPipeline.from_pretrained(model_folders["flux2"]))


@pytest.fixture
def maquette(model_folders: dict[str, Path]) -> Any:
    from diffusers import StableDiffusionXLPipeline

    return _quiet(StableDiffusionXLPipeline.from_pretrained(model_folders["maquette"]))


def _quiet(pipeline: Any) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
