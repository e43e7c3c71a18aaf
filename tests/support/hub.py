"""A hub on this machine: answers what `huggingface_hub` asks of the real one, over HTTP, for files in memory.

Knows the hub's addresses, headers and error codes; must not know what the files are.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34
OLDER = "0a11ce" + "0" * 34


@dataclass
class Hub:
    """What the server has, and what it was asked for."""

    files: dict[str, bytes]
    """Of its one repository, at `COMMIT` and at its branch `main`."""
    name: str = "owner/name"
    """Of the repository."""
    older: dict[str, bytes] = field(default_factory=dict)
    """The same at `OLDER` and its tag `v1`."""
    gated: bool = False
    """Whether files are kept from who has not accepted the terms."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Sizes that it says instead of the true ones."""
    damaged: set[str] = field(default_factory=set)
    """Files of which another byte arrives."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """File and range (`bytes=3-`, or empty) of every download."""
    address: str = ""

    def at(self, revision: str) -> tuple[str, dict[str, bytes]] | None:
        """The commit and the files that a revision stands for."""
        if revision in {"", "main", COMMIT}:
            return COMMIT, self.files
        return (OLDER, self.older) if revision in {"v1", OLDER} else None


def files_of(folder: Path) -> dict[str, bytes]:
    """A folder's files by their names in a repository."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@contextmanager
def served(hub: Hub) -> Iterator[Hub]:
    """Serve a hub while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, hub))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, hub: Hub, *arguments: object) -> None:
        self.hub = hub
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        parts = unquote(urlsplit(self.path).path).strip("/").split("/")
        if parts[:4] == ["api", "models", *self.hub.name.split("/")]:
            if parts[4:5] == ["commits"]:
                self._tell_history()
            else:
                self._tell("/".join(parts[5:]))
        elif parts[:3] == [*self.hub.name.split("/"), "resolve"]:
            self._send_file(parts[3], "/".join(parts[4:]))
        else:
            self._refuse(404, "RepoNotFound")

    def _tell(self, revision: str) -> None:
        found = self.hub.at(revision)
        if found is None:
            self._refuse(404, "RevisionNotFound")
            return
        commit, files = found
        siblings = [self._sibling(name, content) for name, content in files.items()]
        told = {"id": self.hub.name, "sha": commit, "siblings": siblings, "gated": self.hub.gated}
        self._answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _tell_history(self) -> None:
        told = [
            {
                "id": commit,
                "title": "",
                "message": "",
                "authors": [],
                "date": "2026-05-01T12:00:00Z",
            }
            for commit in (COMMIT, OLDER)
        ]
        self._answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def _sibling(self, name: str, content: bytes) -> dict[str, object]:
        size = self.hub.sizes.get(name, len(content))
        told: dict[str, object] = {"rfilename": name, "size": size}
        if name.endswith(".safetensors"):
            digest = hashlib.sha256(content).hexdigest()
            told["lfs"] = {"size": size, "sha256": digest, "pointerSize": 134}
        else:
            blob = f"blob {len(content)}\0".encode() + content
            told["blobId"] = hashlib.sha1(blob, usedforsecurity=False).hexdigest()
        return told

    def _send_file(self, revision: str, name: str) -> None:
        if self.hub.gated:
            self._refuse(403, "GatedRepo")
            return
        found = self.hub.at(revision)
        if found is None or name not in found[1]:
            self._refuse(404, "EntryNotFound")
            return
        asked = self.headers.get("Range", "")
        self.hub.asked.append((name, asked))
        content = found[1][name]
        if name in self.hub.damaged:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if not asked:
            self._answer(200, content, {})
            return
        first = int(asked.removeprefix("bytes=").removesuffix("-"))
        told = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._answer(206, content[first:], {"Content-Range": told})

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, b"", {"X-Error-Code": code, "X-Error-Message": code})

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        try:
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # who asked went away

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""
