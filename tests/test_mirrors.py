"""A module with logic of its own has a test file where its own place is, under `tests/`.

It has logic of its own when its functions branch or loop three times or more. Contracts, tables of
values and wiring are below that and are tested by what uses them; migrations run one after the other
and are tested as one way, by the upgrade.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSES = ("agent", "tools", "ui")
FORKS = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.match_case, ast.comprehension,
)  # fmt: skip
FEWEST = 3


def forks(source: str) -> int:
    """How often the functions of a module branch or loop."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = {
        id(node)
        for function in ast.walk(ast.parse(source))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, FORKS)
    }
    return len(inside)


def unmirrored() -> set[str]:
    """Modules with logic of their own and without a mirror, as paths from the root."""
    modules = [
        path.relative_to(ROOT)
        for house in HOUSES
        for path in (ROOT / house).rglob("*.py")
        if path.name != "__init__.py" and "migrations" not in path.parts
    ]
    return {
        module.as_posix()
        for module in modules
        if forks((ROOT / module).read_text()) >= FEWEST
        and not (ROOT / "tests" / module.parent / f"test_{module.name}").is_file()
    }


def test_every_module_with_logic_has_its_mirror() -> None:
    assert sorted(unmirrored()) == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("LIMITS = {name: 1 for name in 'ab'}\nif LIMITS:\n    pass", 0),
        ("def plain(a):\n    return a", 0),
        ("class A:\n    def b(self, c):\n        return [d if d else 0 for d in c]", 2),
        ("def a():\n    def b(c):\n        while c:\n            c -= 1\n    return b", 1),
        ("async def a(b):\n async for c in b:\n  match c:\n   case 1:\n    pass", 2),
    ],
)  # fmt: skip
def test_what_counts_as_logic(source: str, count: int) -> None:
    assert forks(source) == count
