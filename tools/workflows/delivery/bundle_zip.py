"""The zip that a bundle is: packed with a manifest, and read back with every byte checked.

Knows files, sizes and digests; must not know what a member means. A bundle is foreign data: only
members that the manifest names are read, and only as the bytes that it says. What a computer puts into
a zip by itself is passed over, and a folder around everything is looked through.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from tools.contracts.bundle import CHARACTER, MANIFEST, BundleFile, Manifest
from tools.errors import BadInput
from tools.imaging.files import is_left_by_computer
from tools.imaging.pictures import write_atomically

PARTS = (CHARACTER, "contact_sheet.png", "distances.png", "report.json")
FOLDERS = ("references", "lora", "takes")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every member's date, so that the same files give the same zip."""
MAX_BYTES = 4_000_000_000
"""Of all members together, unpacked."""
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
"""Flag of a member that wants a password."""


def pack(folder: Path, target: Path) -> Manifest:
    """Zip a run folder with a manifest; the same files give the same bytes.

    Raises:
        StorageFailed: the disk did not take it.
    """
    paths = sorted(
        [folder / part for part in PARTS]
        + [path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file()]
    )
    paths = [path for path in paths if not is_left_by_computer(path.relative_to(folder))]
    members = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    manifest = Manifest(
        files=tuple(
            BundleFile(path=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
            for name, data in members.items()
        )
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {
            MANIFEST: manifest.model_dump_json(indent=2).encode(),
            **members,
        }.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    write_atomically(target, buffer.getvalue())
    return manifest


def read_members(path: Path) -> dict[str, bytes]:
    """Read a bundle whole; the members by their paths, without the manifest.

    Raises:
        BadInput: not a zip, too large, a member that the manifest does not name, or one whose bytes
            are not those that it says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_unsuitable(archive, path.name)
            members = _members(archive, path.name)
            manifest = Manifest.model_validate_json(archive.read(members[MANIFEST]))
            _refuse_unnamed(members, manifest, path.name)
            return {
                file.path: _checked(archive.read(members[file.path]), file, path.name)
                for file in manifest.files
            }
    except ValidationError as error:
        raise BadInput(f"{path.name}: its manifest is damaged; export the bundle again") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise BadInput(
            f"{path.name}: not a readable bundle ({error}); copy or export it again"
        ) from error


def _refuse_unsuitable(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise BadInput(f"{name}: more than {MAX_BYTES // 10**9} GB unpacked; no bundle is so large")
    for member in members:
        if member.compress_type not in METHODS or member.flag_bits & ENCRYPTED:
            raise BadInput(f"{name}: {member.filename} is packed in a way that bundles are not")


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """The zip's members by their names in the bundle, without a folder around everything."""
    found = archive.infolist()
    top = _top_folder([member.filename for member in found])
    members = {member.filename.removeprefix(top): member for member in found}
    if len(members) < len(found):
        raise BadInput(f"{name}: a file is in it twice; export the bundle again")
    return members


def _top_folder(names: Sequence[str]) -> str:
    own = [name for name in names if not is_left_by_computer(PurePosixPath(name))]
    tops = {name.split("/")[0] + "/" for name in own}
    return tops.pop() if MANIFEST not in own and len(tops) == 1 else ""


def _refuse_unnamed(members: Iterable[str], manifest: Manifest, name: str) -> None:
    named = {file.path for file in manifest.files} | {MANIFEST}
    folders = {f"{parent}/" for path in named for parent in PurePosixPath(path).parents} | {""}
    extra = sorted(
        member
        for member in set(members) - named - folders
        if not is_left_by_computer(PurePosixPath(member))
    )
    if extra:
        raise BadInput(f"{name}: files that the manifest does not name: {extra[0]!r}")


def _checked(data: bytes, file: BundleFile, bundle: str) -> bytes:
    if len(data) != file.bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise BadInput(f"{bundle}: {file.path} is not what the manifest says; copy it again")
    return data
