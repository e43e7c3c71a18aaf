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
MISSING: frozenset[str] = frozenset(
    {
        "agent/briefing.py",
        "agent/conversation/background.py",
        "agent/conversation/dialogue.py",
        "agent/conversation/locks.py",
        "agent/conversation/record.py",
        "agent/conversation/runs.py",
        "agent/conversation/settling.py",
        "agent/conversation/talk.py",
        "agent/failures.py",
        "agent/order.py",
        "agent/planning.py",
        "agent/repair.py",
        "agent/toolkit/cancel.py",
        "agent/toolkit/choose_face.py",
        "agent/toolkit/choose_version.py",
        "agent/toolkit/common.py",
        "agent/toolkit/cost.py",
        "agent/toolkit/gate.py",
        "agent/toolkit/numbers.py",
        "agent/toolkit/pick.py",
        "agent/toolkit/review_references.py",
        "agent/toolkit/set_pictures.py",
        "agent/toolkit/show_takes.py",
        "agent/toolkit/status.py",
        "agent/toolkit/take_pictures.py",
        "agent/toolkit/train.py",
        "tools/store/identity_block.py",
        "tools/store/job_queue.py",
        "tools/store/lora_version.py",
        "tools/store/model.py",
        "tools/store/scene.py",
        "tools/store/sessions.py",
        "tools/workflows/bases/calibrate.py",
        "tools/workflows/bases/doctor.py",
        "tools/workflows/bases/pretrain.py",
        "tools/workflows/cancelling.py",
        "tools/workflows/delivery/delivery_folder.py",
        "tools/workflows/delivery/delivery_page.py",
        "tools/workflows/delivery/delivery_plan.py",
        "tools/workflows/demo/run_sheets.py",
        "tools/workflows/job_lines.py",
        "tools/workflows/lora/adapters.py",
        "tools/workflows/lora/train.py",
        "tools/workflows/people/casting.py",
        "tools/workflows/people/change_character.py",
        "tools/workflows/people/characters.py",
        "tools/workflows/people/production_settings.py",
        "tools/workflows/people/production_style.py",
        "tools/workflows/sets/audit.py",
        "tools/workflows/sets/gate.py",
        "tools/workflows/sets/layered_draft.py",
        "tools/workflows/sets/layers.py",
        "tools/workflows/sets/reroll.py",
        "tools/workflows/sets/set_review.py",
        "tools/workflows/shots/advice.py",
        "tools/workflows/shots/compare.py",
        "tools/workflows/shots/explain.py",
        "tools/workflows/shots/new_shots.py",
        "tools/workflows/shots/plan_shots.py",
        "tools/workflows/shots/qc.py",
        "tools/workflows/shots/revise_shot.py",
        "tools/workflows/shots/shoot.py",
        "tools/workflows/shots/shot_card.py",
        "tools/workflows/shots/take_evidence.py",
        "tools/workflows/shots/take_lines.py",
    }
)
"""Those that have no mirror yet. No line may be added."""


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
    assert sorted(unmirrored() - MISSING) == []


def test_what_has_a_mirror_by_now_is_not_listed_as_missing() -> None:
    assert sorted(MISSING - unmirrored()) == []


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
