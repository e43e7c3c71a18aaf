"""Brings the adapter that a step-distilled base is trained beside into a studio's home.

Knows the catalogue and where such a file is from; must not know how anything is trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.backends.bases import BaseCatalog
from tools.backends.weights import read_header
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import BadInput, BaseUnavailable


def training_adapter(catalog: BaseCatalog, name: str) -> Path | None:
    """The frozen adapter that a base is trained beside, in this program's form; None where it has none.

    Raises:
        UnknownName: no such base.
        BaseUnavailable: it is not here; says how to get it.
    """
    wanted, place = catalog.row(name).training_adapter, _place(catalog, name)
    if wanted is None or place.is_file():
        return place if wanted else None
    raise BaseUnavailable(
        f"{name} is trained beside {wanted.source} ({wanted.licence}), without which its few steps are "
        f"unlearned; run `samecast base adapter {name}` (or give its file's path too)"
    )


def millions_beside(catalog: BaseCatalog, name: str) -> float:
    """Millions of parameters of that adapter; 0 where there is none, or none is here yet."""
    place = _place(catalog, name)
    if catalog.row(name).training_adapter is None or not place.is_file():
        return 0.0
    return sum(prod(shape) for shape in read_header(place).shapes.values()) / 1e6


def _place(catalog: BaseCatalog, name: str) -> Path:
    return catalog.records / f"{name}.training-adapter.safetensors"


def install_training_adapter(
    catalog: BaseCatalog,
    name: str,
    file: Path | None = None,
    progress: ProgressSink = ignore_progress,
) -> Path:
    """Fetch a base's training adapter from the hub, or take a file that is here, and keep it.

    It is understood as any LoRA from elsewhere is, and held against the base's own layers.

    Args:
        catalog: the bases.
        name: of an installed base.
        file: the adapter; None downloads what the base's row names.
        progress: of a download.

    Returns:
        Where it stands.

    Raises:
        UnknownName: no such base.
        BadInput: the base is trained without one, or the file is none for it.
        BaseUnavailable: the base is not installed, or the download failed.
        StorageFailed: no room for it.
    """
    wanted, folder = catalog.row(name).training_adapter, catalog.folder(name)
    if wanted is None:
        raise BadInput(f"{name} is trained without another adapter")
    place = _place(catalog, name)
    if file is not None:
        _keep(catalog, name, file, folder, {"from": file.name})
        return place
    with TemporaryDirectory(dir=place.parent) as scratch:
        fetched = Path(scratch) / wanted.file
        source = f"{wanted.source}@{wanted.revision}"
        commit = catalog.sources.fetch_file(source, wanted.file, fetched, progress)
        said = {"from": f"{wanted.source}@{commit}", "licence": wanted.licence}
        _keep(catalog, name, fetched, folder, said)
    return place


def _keep(
    catalog: BaseCatalog, name: str, file: Path, folder: Path, said: Mapping[str, str]
) -> None:
    from tools.architectures.registry import load_architecture
    from tools.backends.brought_in import bring_in
    from tools.training.lora.adapter import write_adapter

    row = catalog.row(name)
    found = bring_in(file, row, folder)
    denoiser = load_architecture(row.architecture).draw.denoiser
    others = sorted(key for key in found.adapter.tensors if not key.startswith(f"{denoiser}."))
    if others:
        raise BadInput(
            f"{file.name}: a training adapter changes the {denoiser} alone, not {others[0]}"
        )
    header = {f"samecast_{key}": value for key, value in said.items()}
    write_adapter(
        _place(catalog, name),
        found.adapter.tensors,
        found.adapter.settings,
        {**header, "samecast_sha256": found.digest},
    )
