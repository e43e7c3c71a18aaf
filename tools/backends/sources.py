"""Where a base's weights come from: a diffusers folder, a checkpoint in one file, or the hub.

Knows what a person may give as a source; must not know rows, nor what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.backends.hub import HUB_SOURCE, download, download_file
from tools.backends.single_file import content_digest, unpack
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import BadInput


@dataclass(frozen=True)
class Fetched:
    """Weights on this disk."""

    source: str
    """What was given; a path of a file in full."""
    revision: str
    """What of it; empty where nobody can say, as of a folder."""
    folder: Path
    """In diffusers' layout."""


@dataclass(frozen=True)
class BaseSources:
    """Fetches bases; what a test or another hub sets otherwise is a field."""

    configurations: Path | None = None
    """As of `single_file.unpack`."""
    endpoint: str | None = None
    """As of `hub.download`."""

    def fetch(
        self, source: str, place: Path, *, half: bool, progress: ProgressSink = ignore_progress
    ) -> Fetched:
        """Make a source a diffusers folder on this disk.

        A folder is referenced where it is, never copied; a file is unpacked into `place`, and a hub
        id downloaded into it.

        Args:
            source: path of a diffusers folder or a checkpoint, or hub id `owner/name[@revision]`.
            place: the folder for what is made.
            half: prefer fp16 weights of the hub.
            progress: of a download; may cancel it.

        Raises:
            BadInput: it is none of these, or a file that is no SDXL checkpoint.
            BaseUnavailable: the download failed.
            StorageFailed: no room for it.
        """
        path = Path(source).expanduser()
        if path.is_dir():
            return Fetched(source, "", path.resolve())
        if path.is_file():
            return self._unpacked(path.resolve(), place)
        found = HUB_SOURCE.fullmatch(source)
        if found is None:
            raise BadInput(
                f"{source}: neither a folder nor a .safetensors file nor a hub id of the form "
                "owner/name"
            )
        commit = download(source, place, half=half, endpoint=self.endpoint, progress=progress)
        return Fetched(found["id"], commit, place)

    def fetch_file(
        self, source: str, name: str, place: Path, progress: ProgressSink = ignore_progress
    ) -> str:
        """Download one file of the hub; the arguments and errors are those of `hub.download_file`.

        Returns:
            The commit that it is of.
        """
        return download_file(source, name, place, endpoint=self.endpoint, progress=progress)

    def _unpacked(self, file: Path, place: Path) -> Fetched:
        folder = unpack(file, place, self.configurations)
        return Fetched(str(file), content_digest(file), folder)
