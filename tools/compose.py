"""The composition root: settings become services and a worker. Nothing is built at import."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tools.contracts.parts import FaceEmbedder, ImageBackend, LoraTrainer
from tools.jobs.local_worker import LocalWorker
from tools.services import Services
from tools.settings import Settings

if TYPE_CHECKING:
    from tools.backends.local.draw import LocalBackend


@dataclass(frozen=True)
class Studio:
    """One home folder, open for work."""

    services: Services
    worker: LocalWorker


def build_services(settings: Settings, bases_home: Path | None = None) -> Services:
    """Open the studio that the settings name; models are loaded when they are first used.

    Args:
        settings: the studio's.
        bases_home: home whose installed bases it draws with; None is its own.

    Raises:
        StorageFailed: the home folder or the database cannot be used.
    """
    from tools.backends.bases import BaseCatalog
    from tools.backends.sources import BaseSources
    from tools.store.database import database_in, open_database
    from tools.store.face_cache import FaceCache
    from tools.store.files import FileStore

    database = open_database(settings.database_url or database_in(settings.home))
    catalog = BaseCatalog(bases_home or settings.home, sources=BaseSources(endpoint=settings.hub))
    files = FileStore(settings.home)

    @cache
    def desk() -> LocalBackend:
        from tools.backends.local.draw import LocalBackend

        return LocalBackend(
            catalog,
            files.path,
            device=settings.device,
            threads=settings.threads,
            batch_size=settings.batch_size,
            idle_seconds=settings.idle_seconds,
        )

    def backend() -> ImageBackend:
        return desk()

    @cache
    def trainer() -> LoraTrainer:
        from tools.backends.local.trainer import LocalTrainer

        return LocalTrainer(
            catalog,
            device=settings.device,
            threads=settings.threads,
            make_room=lambda: desk().release(),
        )

    @cache
    def embedder(model: str) -> FaceEmbedder:
        from tools.embedders.table import open_embedder

        return open_embedder(model, settings, FaceCache(database.engine))

    def faces(name: str) -> FaceEmbedder:
        from tools.embedders.table import model_named

        return embedder(model_named(name, settings))

    return Services(
        settings=settings,
        database=database,
        files=files,
        catalog=catalog,
        load_backend=backend,
        load_trainer=trainer,
        load_faces=faces,
    )


def build_studio(settings: Settings, bases_home: Path | None = None) -> Studio:
    """Open a studio with a worker that can do every kind of job; see `build_services`."""
    from tools.workflows.job_kinds import build_handlers

    def why_slow() -> str:
        from tools.compute import why_slow

        return why_slow(settings.device)

    services = build_services(settings, bases_home)
    return Studio(
        services, LocalWorker(services.database, build_handlers(services), why_slow=why_slow)
    )
