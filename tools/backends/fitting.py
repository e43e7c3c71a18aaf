"""Whether weights are of a row's kind, and which row a new name takes its settings from.

Knows folders by their configurations; must not know what is installed where.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tools.architectures.registry import ENTRIES, Entry, entry_of_pipeline
from tools.backends.shipped import check_same_architecture, shipped_folder
from tools.backends.weights import read_index
from tools.contracts.bases import BaseRow, OwnSettings
from tools.errors import BadInput, UnknownName


def architecture_of(folder: Path) -> Entry:
    """The architecture of a diffusers folder.

    Raises:
        BadInput: nobody here draws with it.
    """
    kind = read_index(folder)["_class_name"]
    found = entry_of_pipeline(kind)
    if found is None:
        known = " or ".join(entry.pipeline for entry in ENTRIES)
        raise BadInput(f"{folder}: a {kind}; Samecast draws with {known}")
    return found


def likeness(folder: Path, table: Mapping[str, BaseRow]) -> str:
    """The row that a new name's settings come from: the maquette's own shape, else the usual one.

    Raises:
        BadInput: as of `architecture_of`.
    """
    architecture = architecture_of(folder)
    try:
        check_same_architecture(folder, shipped_folder())
    except BadInput:
        rows = [row for row in table.values() if row.architecture == architecture.name]
        fitting = [row.name for row in rows if not _other_guidance(folder, row)]
        return architecture.like if architecture.like in fitting or not fitting else fitting[0]
    return "maquette"


def check_fits(source: str, folder: Path, row: BaseRow, own: OwnSettings) -> None:
    """Check that weights are of a row's kind, and that what is set otherwise goes with them.

    Args:
        source: what was given, for messages.
        folder: the weights.
        row: whose settings they take.
        own: what is set otherwise.

    Raises:
        BadInput: says what does not fit.
    """
    architecture = architecture_of(folder)
    if row.architecture != architecture.name:
        raise BadInput(
            f"{source} is of the {architecture.name} architecture, but {row.name} is "
            f"{row.architecture}; choose another --like"
        )
    other = _other_guidance(folder, row)
    if other:
        raise BadInput(f"{source} {other}; choose another --like")
    if own.sampler is not None and own.sampler.flows is not row.sampler.flows:
        raise BadInput(
            f"sampler {own.sampler.value!r} does not go with {row.name}, which was trained for "
            f"{row.sampler.value!r}"
        )


def _other_guidance(folder: Path, row: BaseRow) -> str:
    """In what weights take guidance otherwise than a row draws with it; empty where they do not."""
    if embeds_guidance(folder) is not row.embedded_guidance:
        has, wants = ("has no", "with") if row.embedded_guidance else ("has", "without")
        return f"{has} embedded guidance, but {row.name} draws {wants} it"
    distilled = is_distilled(folder)
    if distilled is not None and distilled is not row.guidance_free:
        what = "is distilled" if distilled else "is not distilled"
        return f"{what} to draw without guidance, but {row.name} {'is' if row.guidance_free else 'is not'}"
    return ""


def is_distilled(folder: Path) -> bool | None:
    """Whether a pipeline was distilled to draw without guidance; None where it does not say."""
    said = json.loads((folder / "model_index.json").read_text()).get("is_distilled")
    return said if isinstance(said, bool) else None


def embeds_guidance(folder: Path) -> bool:
    """Whether a folder's denoiser takes guidance as an input, by its configuration.

    Raises:
        BadInput: a configuration that cannot be read.
    """
    path = folder / "transformer" / "config.json"
    try:
        return (
            bool(json.loads(path.read_text()).get("guidance_embeds")) if path.is_file() else False
        )
    except (OSError, ValueError, AttributeError) as error:
        raise BadInput(f"{path}: not readable as JSON; copy the folder again") from error


def check_adapters_from(row: BaseRow, table: Mapping[str, BaseRow]) -> None:
    """Refuse a row that takes the adapters of a base that they cannot be of.

    Raises:
        UnknownName: the table has no such base.
        BadInput: it is of another architecture.
    """
    for name in row.adapters_from:
        if name not in table:
            raise UnknownName(
                f"base {row.name} takes the adapters of {name!r}, which the table does not have; "
                f"known: {', '.join(table)}"
            )
        if table[name].architecture != row.architecture:
            raise BadInput(
                f"base {row.name} is of {row.architecture} and {name} of {table[name].architecture}; "
                "adapters do not fit another architecture"
            )
