"""Names of the house: each class is called as no other one, and what only tests name is listed."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from docs.house import HOUSES, ROOT

_PAGES = ("*.html", "*.js")
_FOUND_BY_NAME = ("agent/toolkit",)
"""Rooms whose functions are looked up by the name of their file."""
_CALLED_FROM_OUTSIDE = {
    "_identifying_params": "LangChain",
    "_generate": "LangChain",
    "_stream": "LangChain",
    "_llm_type": "LangChain",
    "wrap_model_call": "LangChain's middleware",
    "wrap_tool_call": "LangChain's middleware",
    "before_agent": "LangChain's middleware",
    "process_bind_param": "SQLAlchemy",
    "process_result_value": "SQLAlchemy",
    "forward": "torch",
}
ONLY_TESTED = {
    "tools.imaging.crops.paste_back": "for face repair",
    "tools.jobs.job_store.enqueue_chain": "as in the study",
    "tools.jobs.progress.intend": "paid call",
    "tools.store.ledger.book": "Paid calls to a provider",
    "tools.qc.csfd.combined_ratio": "for the study",
    "tools.qc.csfd.sequence_distances": "for the study",
    "tools.qc.whos_who.assign_faces": "two characters in one frame",
}
"""What nothing calls yet, and the words of its docstring that say what it waits for."""


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _files(*houses: str) -> list[Path]:
    return [path for house in houses for path in sorted((ROOT / house).rglob("*.py"))]


def test_no_class_is_called_as_another() -> None:
    places: dict[str, list[str]] = {}
    for path in _files(*HOUSES, "bench", "docs"):
        for node in _tree(path).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def _names(tree: ast.AST) -> Counter[str]:
    """Every name that code uses, and every string that could be one, as for `getattr`."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                found[name] += 1
            case ast.alias(name=name):
                found[name.rpartition(".")[2]] += 1
            case ast.Constant(value=str(text)) if text.isidentifier():
                found[text] += 1
    return found


def _public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Functions, classes and methods of a file, but for those that a decorator hands on."""
    room = path.relative_to(ROOT).with_suffix("")
    for node in _tree(path).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if str(room.parent) not in _FOUND_BY_NAME or node.name != room.name:
            yield node.name, node
        for part in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(part, ast.FunctionDef) and not _handed_on(part):
                yield part.name, part


def _handed_on(function: ast.FunctionDef) -> bool:
    decorators = " ".join(ast.unparse(each) for each in function.decorator_list)
    magic = function.name.startswith("__") or function.name in _CALLED_FROM_OUTSIDE
    return magic or bool(re.search(r"validator|serializer|override", decorators))


def _only_tested() -> set[str]:
    """Names that no code outside the tests uses."""
    used: Counter[str] = Counter()
    for path in _files(*HOUSES, "bench", "docs", "prompts"):
        used.update(_names(_tree(path)))
    for pattern in _PAGES:
        for page in (ROOT / "ui").rglob(pattern):
            used.update(re.findall(r"\w+", page.read_text()))
    return {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{name}"
        for path in _files(*HOUSES)
        if "migrations" not in path.parts
        for name, node in _public(path)
        if used[name] <= _names(node)[name]
    }


def test_what_only_tests_call_is_listed_with_what_will_use_it() -> None:
    assert _only_tested() == ONLY_TESTED.keys()


@pytest.mark.parametrize("place", ONLY_TESTED)
def test_what_waits_says_for_what(place: str) -> None:
    module, _, name = place.rpartition(".")
    path = ROOT / f"{module.replace('.', '/')}.py"
    (node,) = (
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    assert ONLY_TESTED[place] in " ".join((ast.get_docstring(node) or "").split())
