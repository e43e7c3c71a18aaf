from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.support.tiny_models import (
    build_micro_maquette,
    build_tiny_flux,
    build_tiny_klein,
    build_tiny_sdxl,
)
from tools.backends.bases import BaseCatalog
from tools.store.files import FileStore

TINY_BASES = ("sdxl", "flux-schnell", "micro", "flux-dev", "flux2-klein-4b", "flux2-klein-base-4b")


@pytest.fixture(scope="session")
def tiny_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("tiny")
    return {
        "sdxl": build_tiny_sdxl(root / "sdxl"),
        "flux-schnell": build_tiny_flux(root / "flux"),
        "micro": build_micro_maquette(root / "micro"),
        "flux-dev": build_tiny_flux(root / "dev", guidance_embeds=True),
        "flux2-klein-4b": build_tiny_klein(root / "klein"),
        "flux2-klein-base-4b": build_tiny_klein(root / "klein-base", distilled=False),
    }


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory, tiny_folders: dict[str, Path]) -> BaseCatalog:
    """A home where the tiny models stand in for the real bases."""
    catalog = BaseCatalog(tmp_path_factory.mktemp("home"))
    for name, folder in tiny_folders.items():
        catalog.add(name, str(folder), like="maquette" if name == "micro" else None)
    return catalog


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    """Where requests' files are found by digest."""
    return FileStore(tmp_path_factory.mktemp("files"))


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Models this small are slower on two threads than on one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
