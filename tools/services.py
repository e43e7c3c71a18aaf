"""What workflows may use, in one frozen value; `tools.compose` builds it.

Holds parts, no logic. Parts that load models are built on first use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.backends.bases import BaseCatalog
from tools.contracts.parts import FaceEmbedder, ImageBackend, LoraTrainer
from tools.settings import Settings
from tools.store.database import Database
from tools.store.files import FileStore


@dataclass(frozen=True)
class Services:
    """The parts of one studio."""

    settings: Settings
    database: Database
    files: FileStore
    catalog: BaseCatalog
    load_backend: Callable[[], ImageBackend]
    """Gives the same backend every time."""
    load_trainer: Callable[[], LoraTrainer]
    load_faces: Callable[[str], FaceEmbedder]
    """Gives an embedder by its name in a threshold or in the embedder table, the same every time."""

    @property
    def backend(self) -> ImageBackend:
        """The backend that draws."""
        return self.load_backend()

    @property
    def trainer(self) -> LoraTrainer:
        """The trainer of adapters."""
        return self.load_trainer()
