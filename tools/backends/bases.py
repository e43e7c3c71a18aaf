"""The base table, and which bases are installed in a studio's home.

Knows rows and folders; must not load weights (that is `local/`) nor choose a base for a shot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from tools.architectures.registry import entry_named
from tools.backends.fitting import check_adapters_from, check_fits, likeness
from tools.backends.hub import HUB_SOURCE
from tools.backends.shipped import shipped_folder
from tools.backends.sources import BaseSources
from tools.backends.weights import check_folder
from tools.contracts.bases import (
    BASE_NAME,
    AnyBaseRow,
    BaseRow,
    EndpointRow,
    OwnSettings,
)
from tools.contracts.model import Contract
from tools.contracts.progress import ProgressSink, ignore_progress
from tools.errors import BadInput, BaseUnavailable, UnknownName
from tools.imaging.pictures import write_json

TABLE = Path(__file__).parent / "data" / "bases.yaml"
_PACKAGE = "package:"


class BaseStatus(Contract):
    """Whether a base can be used, for `samecast doctor`."""

    name: str
    usable: bool
    licence: str
    """With its consequence."""
    reason: str
    """Where it is, or what is missing."""
    how_to: str = ""
    """The command that makes it usable; empty when it is."""


class InstalledBase(Contract):
    """The record of one `samecast base add`, kept as `home/bases/NAME.json`."""

    name: str
    source: str
    """The path or hub id that was given."""
    revision: str = ""
    """What of it: the digest of a single file; empty where nobody can say, as of a folder."""
    folder: Path
    like: str
    """The table row whose settings it takes."""
    own: OwnSettings = OwnSettings()
    """What was set otherwise."""


class BaseCatalog:
    """The bases that one studio knows: the table's rows and those added to its home."""

    def __init__(
        self,
        home: Path,
        table: Sequence[AnyBaseRow] | None = None,
        sources: BaseSources | None = None,
    ) -> None:
        """Know the bases of a studio's home, and a table's.

        Args:
            home: the studio's.
            table: rows; None are those that ship.
            sources: where added bases come from; None is the public hub, and files of this disk.
        """
        self.records = home / "bases"
        """What is kept of added bases."""
        self.sources = sources or BaseSources()
        rows = table or read_table()
        self._table = {row.name: row for row in rows if isinstance(row, BaseRow)}
        self._endpoints = {row.name: row for row in rows if isinstance(row, EndpointRow)}

    def rows(self) -> list[AnyBaseRow]:
        """Every known base: the table's, the endpoints, then the added ones by name."""
        added = [name for name in self._added() if name not in self._table]
        return [*self._table.values(), *self._endpoints.values(), *map(self.row, added)]

    def row(self, name: str) -> BaseRow:
        """The row of a base on this machine; without a guide where its folder was added and has none.

        Raises:
            UnknownName: lists the known names.
            BadInput: it is an endpoint; lists the bases that are not.
        """
        record = self._record(name)
        row = self._table_row(name, record)
        guide = row.guide and record and record.folder / row.guide.folder
        row = row.without_guide() if guide and not guide.is_dir() else row
        return row.model_copy(update=record.own.given()) if record else row

    def _table_row(self, name: str, record: InstalledBase | None) -> BaseRow:
        if name in self._table:
            row = self._table[name]
            return row if record is None else row.model_copy(update=_origin(record))
        if name in self._endpoints:
            raise BadInput(
                f"base {name} is an endpoint ({self._endpoints[name].endpoint}); what is asked needs "
                f"a base on this machine: {', '.join(self._local_names())}"
            )
        if record is None or record.like not in self._table:
            raise UnknownName(f"no base named {name!r}; known: {', '.join(self._names())}")
        added: dict[str, object] = {
            "name": name,
            "title": f"{name} (as {record.like})",
            "source": record.source,
            "revision": record.revision,
            "licence": "not known here; see its model card",
            "licence_note": "",
            "commercial": None,
        }
        return self._table[record.like].model_copy(update=added)

    def adapter_bases(self, name: str) -> tuple[str, ...]:
        """The bases whose adapters draw on a base; a name that is no base on this machine takes its own."""
        if name not in self._local_names():
            return (name,)
        row = self.row(name)
        learned = (row.trained_on,) if row.trained_on else ()
        return tuple(dict.fromkeys((name, *learned, *row.adapters_from)))

    def folder(self, name: str) -> Path:
        """The base's diffusers folder, checked part by part.

        Raises:
            UnknownName: no such base.
            BaseUnavailable: not installed, or a weight file is missing; says how to install it.
        """
        row = self.row(name)
        folder = self._place(row)
        if folder is None:
            raise BaseUnavailable(f"base {name} is not installed; {_how_to(row)}")
        try:
            check_folder(folder, row.guide.folder if row.guide else None)
        except BadInput as error:
            raise BaseUnavailable(f"base {name} cannot be used: {error}; {_how_to(row)}") from error
        return folder

    def status(self, name: str) -> BaseStatus:
        """Whether the base can be used, why not, and the command that helps."""
        if name in self._endpoints:
            cloud = self._endpoints[name]
            why = f"an endpoint ({cloud.endpoint}); this studio asks none"
            return BaseStatus(name=name, usable=False, licence=cloud.licence_line, reason=why)
        row = self.row(name)
        reason = self._why_not(row)
        return BaseStatus(
            name=name,
            usable=reason is None,
            licence=row.licence_line,
            reason=reason or str(self._place(row)),
            how_to=_how_to(row) if reason else "",
        )

    def _why_not(self, row: BaseRow) -> str | None:
        """What is missing of a base; None where it can draw."""
        folder = self._place(row)
        if folder is None:
            return "not installed"
        try:
            check_folder(folder, row.guide.folder if row.guide else None)
        except BadInput as error:
            return str(error)
        return None

    def add(
        self,
        name: str,
        source: str,
        *,
        like: str | None = None,
        own: OwnSettings | None = None,
        progress: ProgressSink = ignore_progress,
    ) -> BaseRow:
        """Install a base and record it in the studio's home.

        A folder is referenced where it is, never copied; a checkpoint in one file is unpacked, and a
        hub id downloaded (safetensors only), into `home/bases/NAME/`.

        Args:
            name: a row of the table to install, or a new name.
            source: path of a diffusers folder or of a checkpoint, or hub id `owner/name[@revision]`.
            like: the row whose settings a new name takes; by architecture when not given.
            own: what is set otherwise than in that row.
            progress: of a download; may cancel it.

        Raises:
            BadInput: a bad name, source or setting, an endpoint, an architecture that nobody draws with.
            UnknownName: `like` is not in the table.
            BaseUnavailable: the download failed.
            StorageFailed: the disk has no room for it.
        """
        self._check_name(name, like)
        row = self._table.get(like or name)
        half = row is None or row.half_precision is not None
        fetched = self.sources.fetch(source, self.records / name, half=half, progress=progress)
        check_folder(fetched.folder)
        like = like or (name if name in self._table else likeness(fetched.folder, self._table))
        row = self._table[like]
        check_fits(source, fetched.folder, row, own or OwnSettings())
        record = InstalledBase(
            name=name,
            source=fetched.source,
            revision=fetched.revision,
            folder=fetched.folder,
            like=row.name,
            own=own or OwnSettings(),
        )
        kept = record.model_dump(mode="json", exclude_defaults=True)
        write_json(self.records / f"{name}.json", kept)
        return self.row(name)

    def source(self, name: str) -> str:
        """What installs a base again: its row's source, or what was given for it, of the same revision.

        Raises:
            UnknownName: lists the known names.
            BadInput: it is an endpoint.
        """
        row = self.row(name)
        return row.origin if HUB_SOURCE.fullmatch(row.origin) else row.source

    def _check_name(self, name: str, like: str | None) -> None:
        if not re.fullmatch(BASE_NAME, name):
            raise BadInput(f"{name!r} cannot name a base; use small letters, digits and hyphens")
        for each in (name, like):
            if each in self._endpoints:
                self.row(each)
        if like is not None and like not in self._table:
            raise UnknownName(f"no row named {like!r}; known: {', '.join(self._table)}")

    def _place(self, row: BaseRow) -> Path | None:
        record = self._record(row.name)
        if record is not None:
            return record.folder
        if row.source.startswith(_PACKAGE):
            return shipped_folder()
        return None

    def _record(self, name: str) -> InstalledBase | None:
        path = self.records / f"{name}.json"
        if "/" in name or not path.is_file():
            return None
        try:
            return InstalledBase.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BaseUnavailable(
                f"{path} cannot be read; delete it and run `samecast base add {name}` again"
            ) from error

    def _added(self) -> list[str]:
        return sorted(path.stem for path in self.records.glob("*.json"))

    def _local_names(self) -> list[str]:
        return list(dict.fromkeys([*self._table, *self._added()]))

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*self._table, *self._endpoints, *self._added()]))


def read_table(path: Path = TABLE) -> list[AnyBaseRow]:
    """The rows of a table.

    Raises:
        UnknownName: a row of an architecture that there is not.
        UnknownName, BadInput: a row that takes the adapters of a base that they cannot be of.
    """
    rows = TypeAdapter(list[AnyBaseRow]).validate_python(yaml.safe_load(path.read_text()))
    local = {row.name: row for row in rows if isinstance(row, BaseRow)}
    for row in local.values():
        entry_named(row.architecture)
        check_adapters_from(row, local)
    return rows


def _origin(record: InstalledBase) -> dict[str, str]:
    """What of a table's row an installation changes: where its weights are from, if that is sure."""
    if not record.revision:
        return {}
    return {"source": record.source, "revision": record.revision}


def _how_to(row: BaseRow) -> str:
    if row.source.startswith(_PACKAGE):
        return "install Samecast again, or run `samecast base maquette --from DIR`"
    return f"run `samecast base add {row.name} {row.source}` (or the path of a diffusers folder)"
