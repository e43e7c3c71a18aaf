"""The rooms of the house and what they import, read from the source without running it.

A room is a folder with an `__init__.py`, or a module that is a floor of `tools` by itself. Imports by
name at run time (the registry of architectures, the toolkit) leave no arrow.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSES = ("ui", "agent", "tools")


@dataclass(frozen=True)
class Room:
    """One room."""

    name: str
    """Dotted, as it is imported."""
    floor: str
    """`ui`, `agent`, or the row of `tools` that import-linter knows it by."""
    about: str
    """First sentence of its docstring."""
    files: int
    lines: int

    @property
    def box(self) -> str:
        """The room of the second level that it lies in, or is: `tools.language` of `tools.language.scene`."""
        return ".".join(self.name.split(".")[:2])


@dataclass(frozen=True)
class House:
    """All rooms, and how often one imports another."""

    rooms: Mapping[str, Room]
    edges: Mapping[tuple[str, str], int]

    def between_boxes(self) -> Counter[tuple[str, str]]:
        """The imports between rooms of the second level."""
        found: Counter[tuple[str, str]] = Counter()
        for (importer, imported), count in self.edges.items():
            pair = self.rooms[importer].box, self.rooms[imported].box
            if pair[0] != pair[1]:
                found[pair] += count
        return found


def read_house(root: Path = ROOT) -> House:
    """Read the rooms and the imports of a checkout."""
    modules = dict(_modules(root))
    names = [name for name, path in modules.items() if _is_room(name, path)]
    rooms = {name: _room(name, names, modules) for name in sorted(names)}
    edges: Counter[tuple[str, str]] = Counter()
    for name, path in modules.items():
        here = _room_of(name, rooms)
        for imported in _imports(path, modules):
            there = _room_of(imported, rooms)
            if there != here:
                edges[here, there] += 1
    return House(rooms=rooms, edges=dict(sorted(edges.items())))


def floors(root: Path = ROOT) -> list[list[str]]:
    """The floors from the top, as import-linter proves them: `ui`, `agent`, then the rows of `tools`."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    rows = next(each["layers"] for each in contracts if each.get("containers") == ["tools"])
    return [["ui"], ["agent"], *([part.strip() for part in row.split("|")] for row in rows)]


def _modules(root: Path) -> Iterator[tuple[str, Path]]:
    for house in HOUSES:
        for path in sorted((root / house).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), path


def _is_room(name: str, path: Path) -> bool:
    row_of_tools = name.startswith("tools.") and name.count(".") == 1
    return path.name == "__init__.py" or row_of_tools


def _room(name: str, names: list[str], modules: Mapping[str, Path]) -> Room:
    inside = [path for module, path in modules.items() if _room_of(module, names) == name]
    parts = name.split(".")
    about = ast.get_docstring(ast.parse(modules[name].read_text())) or ""
    return Room(
        name=name,
        floor=parts[1] if parts[0] == "tools" and len(parts) > 1 else parts[0],
        about=about.splitlines()[0] if about else "",
        files=len(inside),
        lines=sum(len(path.read_text().splitlines()) for path in inside),
    )


def _room_of(module: str, rooms: Mapping[str, Room] | list[str]) -> str:
    while module not in rooms:
        module = module.rpartition(".")[0]
    return module


def _imports(path: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Modules of the house that a file imports, one for each statement and module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = (f"{node.module}.{alias.name}" for alias in node.names)
            named = {each if each in modules else node.module for each in whole}
        elif isinstance(node, ast.Import):
            named = {alias.name for alias in node.names}
        else:
            continue
        yield from sorted(named & modules.keys())
