"""Every remedy that a message of gate, QC or builder names can be typed, and the director understands it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from agent.offline.conversation import ASKED
from tests.support.director_says import answer
from tests.support.micro_studio import ROOT

SPOKEN_IN = {
    "references": (
        "tools/qc/gate.py",
        "tools/qc/image_rules.py",
        *sorted(
            str(path.relative_to(ROOT)) for path in (ROOT / "tools/workflows/sets").rglob("*.py")
        ),
        "agent/toolkit/gate.py",
        "agent/toolkit/build_references.py",
        "agent/toolkit/review_references.py",
    ),
    "faces": ("tools/workflows/people/face_choice.py",),
    "takes": ("tools/qc/verdict.py", "tools/workflows/shots/cards/advice.py"),
}
"""Files whose messages are read in a studio of `studios.yaml`."""
VERBS = "drop|look at|draw|redraw|re-roll|build|choose|ask|bring|cast|train|shoot"
REMEDY = re.compile(rf"^(?:{VERBS})\b", re.I)
BREAK = re.compile(rf"[;:.,]\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+(?=(?:{VERBS})\b)", re.I)
FOR_A_VALUE = {"listed": "3", "character": "Lirien", "again": "", "name": "Lirien"}
"""What stands in a message for a value, by the name in its expression."""
REFUSED = AIMessage("The gate refuses reference set v1 of Lirien. Image 5: no face; drop it.")


def sentences(file: Path) -> Iterator[str]:
    """All texts of a file as they come out, docstrings left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            parts |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(_said(part) for part in node.values)
        elif isinstance(node, ast.Constant) and id(node) not in parts:
            yield str(node.value)


def _said(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    words = ast.unparse(part)
    return next((said for name, said in FOR_A_VALUE.items() if name in words), "20")


def remedies() -> list[tuple[str, str]]:
    """Each remedy with the studio in which it is read."""
    found = {
        (studio, clause.strip())
        for studio, files in SPOKEN_IN.items()
        for file in files
        for sentence in sentences(ROOT / file)
        for clause in BREAK.split(sentence)
        if " " in clause.strip() and REMEDY.match(clause.strip())
    }
    return sorted(found)


def test_remedies_are_found() -> None:
    found = remedies()
    assert ("references", "drop it") in found
    assert ("references", "look at it") in found
    assert ("references", "build references again") in found
    assert ("takes", "draw it again") in found
    assert len(found) >= 15


@pytest.mark.parametrize(("studio", "remedy"), remedies())
def test_a_remedy_can_be_typed(studio: str, remedy: str) -> None:
    said = answer(studio, remedy, [HumanMessage("ask the gate"), REFUSED])
    assert said.tool_calls or said.additional_kwargs.get(ASKED, {}).get("calls"), said.text


def test_drop_it_means_the_images_that_the_gate_has_just_named() -> None:
    refused = AIMessage(
        "The gate refuses it. Image 5: no face. Image 12: 2 faces. Worth a look: 3."
    )
    said = answer("references", "drop them", [HumanMessage("ask the gate"), refused])
    assert [(call["name"], call["args"]) for call in said.tool_calls] == [
        ("review_references", {"character": "Lirien", "drop": [5, 12]})
    ]
    assert answer("references", "drop it").tool_calls == []
