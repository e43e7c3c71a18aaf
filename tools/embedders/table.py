"""The embedder table, and how a row becomes eyes.

Knows rows and folders by name; the folders are imported when one is asked for. Must not know who chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from tools.contracts.embedders import EmbedderRow
from tools.contracts.parts import FaceEmbedder
from tools.errors import BaseUnavailable, UnknownName
from tools.settings import Settings

if TYPE_CHECKING:
    from tools.store.face_cache import FaceCache

PHOTO, DRAWN, APPEARANCE = "photo", "drawn", "appearance"


@cache
def embedder_rows() -> dict[str, EmbedderRow]:
    """Every row by name."""
    text = files("tools.embedders").joinpath("data", "embedders.yaml").read_text(encoding="utf-8")
    rows = [EmbedderRow.model_validate(row) for row in yaml.safe_load(text)]
    return {row.name: row for row in rows}


def embedder_row(name: str) -> EmbedderRow:
    """Return the row of an embedder, or of the room that a DeepFace model belongs to.

    Raises:
        UnknownName: neither a row nor a model of one.
    """
    from tools.embedders.photo.weights import WEIGHT_FILES

    rows = embedder_rows()
    row = rows.get(PHOTO if name in WEIGHT_FILES else name)
    if row is None:
        known = ", ".join((*rows, *WEIGHT_FILES))
        raise UnknownName(f"no face embedder named {name!r}; known: {known}")
    return row


def model_of(row: EmbedderRow, settings: Settings) -> str:
    """The name that a row's embeddings go by: its own, or the DeepFace model that the settings name."""
    return settings.embedder if row.name == PHOTO else row.name


def model_named(name: str, settings: Settings) -> str:
    """The name that the embeddings go by of a row, or of a DeepFace model, which is its own.

    Raises:
        UnknownName: neither.
    """
    row = embedder_row(name)
    return model_of(row, settings) if name == row.name else name


def open_embedder(name: str, settings: Settings, face_cache: FaceCache | None) -> FaceEmbedder:
    """Load an embedder.

    Args:
        name: a row's name, or a DeepFace model's.
        settings: where weights lie, and on which device.
        face_cache: where faces are kept.

    Raises:
        UnknownName: no such embedder.
        BaseUnavailable: its weights are not here; nothing is downloaded.
    """
    model = model_named(name, settings)
    return _OPENERS[embedder_row(name).name](model, settings, face_cache)


def embedder_files(row: EmbedderRow, settings: Settings) -> str:
    """Say where an embedder's weights lie.

    Raises:
        UnknownName: the settings name a model that DeepFace does not have.
        BaseUnavailable: they are not here.
    """
    if row.name == PHOTO:
        from tools.embedders.photo.weights import place_weights

        return str(place_weights(settings.embedder, settings.home))
    if row.name == DRAWN:
        from tools.embedders.drawn.weights import shipped_weights

        if not shipped_weights().is_file():
            raise BaseUnavailable(f"{shipped_weights()}: missing; install Samecast again")
        return str(shipped_weights())
    from tools.embedders.appearance.source import local_folder

    return str(local_folder(settings.appearance))


def _photo(model: str, settings: Settings, face_cache: FaceCache | None) -> FaceEmbedder:
    from tools.embedders.photo.faces import DeepFaceEmbedder

    return DeepFaceEmbedder(embedder=model, weights_home=settings.home, cache=face_cache)


def _drawn(model: str, settings: Settings, face_cache: FaceCache | None) -> FaceEmbedder:  # noqa: ARG001
    from tools.embedders.drawn.embedder import DrawnEmbedder
    from tools.embedders.drawn.weights import shipped_weights

    return DrawnEmbedder(shipped_weights(), device=settings.device, cache=face_cache)


def _appearance(model: str, settings: Settings, face_cache: FaceCache | None) -> FaceEmbedder:  # noqa: ARG001
    from tools.embedders.appearance.embedder import AppearanceEmbedder

    return AppearanceEmbedder(settings.appearance, device=settings.device, cache=face_cache)


_OPENERS: dict[str, Callable[[str, Settings, FaceCache | None], FaceEmbedder]] = {
    PHOTO: _photo,
    DRAWN: _drawn,
    APPEARANCE: _appearance,
}
