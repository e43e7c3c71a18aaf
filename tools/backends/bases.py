"""The base table, and which bases are installed in a studio's home.

Knows rows and folders; must not load weights (that is `local/`) nor choose a base for a shot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from tools.architectures.registry import ENTRIES, Entry, entry_named, entry_of_pipeline
from tools.backends.hub import HUB_ID, download
from tools.backends.shipped import check_same_architecture, shipped_folder
from tools.backends.weights import check_folder, read_index
from tools.contracts.bases import BASE_NAME, AnyBaseRow, BaseRow, EndpointRow
from tools.contracts.model import Contract
from tools.errors import BadInput, BaseUnavailable, UnknownName
from tools.imaging.pictures import write_json

TABLE = Path(__file__).parent / "data" / "bases.yaml"
_PACKAGE = "package:"


class BaseStatus(Contract):
    """Whether a base can be used, for `samecast doctor`."""

    name: str
    usable: bool
    reason: str
    """Where it is, or what is missing."""
    how_to: str = ""
    """The command that makes it usable; empty when it is."""


class InstalledBase(Contract):
    """The record of one `samecast base add`, kept as `home/bases/NAME.json`."""

    name: str
    source: str
    """The path or hub id that was given."""
    folder: Path
    like: str
    """The table row whose settings it takes."""


class BaseCatalog:
    """The bases that one studio knows: the table's rows and those added to its home."""

    def __init__(self, home: Path, table: Sequence[AnyBaseRow] | None = None) -> None:
        """Know the bases of a studio's home, and a table's; None is the one that ships."""
        self._records = home / "bases"
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
        return row.without_guide() if guide and not guide.is_dir() else row

    def _table_row(self, name: str, record: InstalledBase | None) -> BaseRow:
        if name in self._table:
            return self._table[name]
        if name in self._endpoints:
            raise BadInput(
                f"base {name} is an endpoint ({self._endpoints[name].endpoint}); what is asked needs "
                f"a base on this machine: {', '.join(self._local_names())}"
            )
        if record is None or record.like not in self._table:
            raise UnknownName(f"no base named {name!r}; known: {', '.join(self._names())}")
        added = {
            "name": name,
            "title": f"{name} (as {record.like})",
            "source": record.source,
            "licence": "not known here; see its model card",
        }
        return self._table[record.like].model_copy(update=added)

    def adapter_bases(self, name: str) -> tuple[str, ...]:
        """The bases whose adapters draw on a base: itself, and those that its row names.

        A name that is no base on this machine takes its own alone.
        """
        if name not in self._local_names():
            return (name,)
        return (name, *self.row(name).adapters_from)

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
            reason = f"an endpoint ({self._endpoints[name].endpoint}); this studio asks none"
            return BaseStatus(name=name, usable=False, reason=reason)
        row = self.row(name)
        folder = self._place(row)
        if folder is None:
            return BaseStatus(name=name, usable=False, reason="not installed", how_to=_how_to(row))
        try:
            check_folder(folder, row.guide.folder if row.guide else None)
        except BadInput as error:
            return BaseStatus(name=name, usable=False, reason=str(error), how_to=_how_to(row))
        return BaseStatus(name=name, usable=True, reason=str(folder))

    def add(self, name: str, source: str, *, like: str | None = None) -> BaseRow:
        """Install a base and record it in the studio's home.

        A folder is referenced where it is, never copied; a hub id is downloaded (safetensors only)
        into `home/bases/NAME/`.

        Args:
            name: a row of the table to install, or a new name.
            source: path of a diffusers folder, or hub id `owner/name`.
            like: the row whose settings a new name takes; by architecture when not given.

        Raises:
            BadInput: a bad name or source, an endpoint, an architecture that nobody draws with.
            UnknownName: `like` is not in the table.
            BaseUnavailable: the download failed.
        """
        self._check_name(name, like)
        folder = self._fetch(name, source, like)
        architecture = _architecture_of(folder)
        check_folder(folder)
        like = like or (name if name in self._table else _likeness(folder, architecture))
        if self._table[like].architecture != architecture.name:
            raise BadInput(
                f"{source} is of the {architecture.name} architecture, but {like} is "
                f"{self._table[like].architecture}; choose another --like"
            )
        record = InstalledBase(name=name, source=source, folder=folder, like=like)
        write_json(self._records / f"{name}.json", record.model_dump(mode="json"))
        return self.row(name)

    def _check_name(self, name: str, like: str | None) -> None:
        if not re.fullmatch(BASE_NAME, name):
            raise BadInput(f"{name!r} cannot name a base; use small letters, digits and hyphens")
        for each in (name, like):
            if each in self._endpoints:
                self.row(each)
        if like is not None and like not in self._table:
            raise UnknownName(f"no row named {like!r}; known: {', '.join(self._table)}")

    def _fetch(self, name: str, source: str, like: str | None) -> Path:
        path = Path(source).expanduser()
        if path.is_dir():
            return path.resolve()
        if path.is_file():
            raise BadInput(
                f"{source} is a file; a base is a diffusers folder with model_index.json"
            )
        if not HUB_ID.fullmatch(source):
            raise BadInput(f"{source}: neither a folder nor a hub id of the form owner/name")
        row = self._table.get(like or name)
        return download(source, self._records / name, half=row is None or row.half_precision)

    def _place(self, row: BaseRow) -> Path | None:
        record = self._record(row.name)
        if record is not None:
            return record.folder
        if row.source.startswith(_PACKAGE):
            return shipped_folder()
        return None

    def _record(self, name: str) -> InstalledBase | None:
        path = self._records / f"{name}.json"
        if "/" in name or not path.is_file():
            return None
        try:
            return InstalledBase.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise BaseUnavailable(
                f"{path} cannot be read; delete it and run `samecast base add {name}` again"
            ) from error

    def _added(self) -> list[str]:
        return sorted(path.stem for path in self._records.glob("*.json"))

    def _local_names(self) -> list[str]:
        return list(dict.fromkeys([*self._table, *self._added()]))

    def _names(self) -> list[str]:
        return list(dict.fromkeys([*self._table, *self._endpoints, *self._added()]))


def read_table(path: Path = TABLE) -> list[AnyBaseRow]:
    """The rows of a table.

    Raises:
        UnknownName: a row of an architecture that there is not, or that takes the adapters of a base that
            there is not.
        BadInput: a row that takes the adapters of another architecture.
    """
    rows = TypeAdapter(list[AnyBaseRow]).validate_python(yaml.safe_load(path.read_text()))
    local = {row.name: row for row in rows if isinstance(row, BaseRow)}
    for row in local.values():
        entry_named(row.architecture)
        _check_adapters_from(row, local)
    return rows


def _check_adapters_from(row: BaseRow, local: Mapping[str, BaseRow]) -> None:
    for name in row.adapters_from:
        if name not in local:
            raise UnknownName(
                f"base {row.name} takes the adapters of {name!r}, which the table does not have; "
                f"known: {', '.join(local)}"
            )
        if local[name].architecture != row.architecture:
            raise BadInput(
                f"base {row.name} is of {row.architecture} and {name} of {local[name].architecture}; "
                "adapters do not fit another architecture"
            )


def _how_to(row: BaseRow) -> str:
    if row.source.startswith(_PACKAGE):
        return "install Samecast again, or run `samecast base maquette --from DIR`"
    return f"run `samecast base add {row.name} {row.source}` (or the path of a diffusers folder)"


def _architecture_of(folder: Path) -> Entry:
    kind = read_index(folder)["_class_name"]
    found = entry_of_pipeline(kind)
    if found is None:
        known = " or ".join(entry.pipeline for entry in ENTRIES)
        raise BadInput(f"{folder}: a {kind}; Samecast draws with {known}")
    return found


def _likeness(folder: Path, architecture: Entry) -> str:
    """The row that a new name's settings come from: the maquette's own shape, else the usual one."""
    try:
        check_same_architecture(folder, shipped_folder())
    except BadInput:
        return architecture.like
    return "maquette"
