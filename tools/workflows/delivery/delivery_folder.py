"""Write a delivery: a folder that appears whole or not at all, its manifest, and a zip of it.

Knows files, names and digests; must not know takes or verdicts.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.contracts.bundle import MANIFEST, BundleFile, Manifest
from tools.errors import StorageFailed
from tools.imaging.pictures import write_json
from tools.language.names import file_name_of
from tools.store.slate import parse_take, setup_letters
from tools.workflows.delivery.bundle_zip import EPOCH

LONGEST_NAME = 40
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def production_folder(name: str, production_id: str) -> str:
    """Return the folder of a production: its name where that is safe, else one like it, with its id."""
    if _SAFE.fullmatch(name):
        return name
    return f"{_safe(name)}-{production_id[:8]}"


def take_file_name(production: str, take: str) -> str:
    """Return the file of a take as a cutting room sorts it: `SALT_012A_T03.png`.

    Raises:
        BadInput: not of the form `12A T3`.
    """
    scene, ordinal, number = parse_take(take)
    return f"{_safe(production).upper()}_{scene:03d}{setup_letters(ordinal)}_T{number:02d}.png"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to write into that takes the target's place when all went well.

    What a killed run left beside the target is removed; so is a target of the same name, which only
    an earlier try of the same delivery can have made.

    Raises:
        StorageFailed: the disk did not take it; the target is as it was.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        yield part
        if target.exists():
            shutil.rmtree(target)
        part.replace(target)
    except OSError as error:
        raise StorageFailed(f"cannot write {target}: {error.strerror}; free space there") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_manifest(folder: Path) -> str:
    """Write `manifest.json` over all files of a folder; return its own SHA-256."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = Manifest(
        files=tuple(
            BundleFile(
                path=path.relative_to(folder).as_posix(),
                sha256=_digest(path),
                bytes=path.stat().st_size,
            )
            for path in paths
        )
    )
    write_json(folder / MANIFEST, manifest.model_dump(mode="json"))
    return _digest(folder / MANIFEST)


def zip_folder(folder: Path, target: Path) -> None:
    """Zip a folder, the manifest first; the same files give the same bytes.

    Raises:
        StorageFailed: the disk did not take it; nothing half-written is left.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    paths.sort(key=lambda path: path.name != MANIFEST)
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for path in paths:
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                archive.writestr(info, path.read_bytes(), _method(path))
        part.replace(target)
    except OSError as error:
        raise StorageFailed(f"cannot write {target}: {error.strerror}; free space there") from error
    finally:
        part.unlink(missing_ok=True)


def _method(path: Path) -> int:
    """Pictures are packed already."""
    return zipfile.ZIP_STORED if path.suffix == ".png" else zipfile.ZIP_DEFLATED


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _safe(name: str) -> str:
    return file_name_of(name, default="production")
