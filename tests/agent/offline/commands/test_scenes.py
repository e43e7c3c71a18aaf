"""A scene in prose or a screenplay is the text of plan_shots, letter by letter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.offline.conversation import Heard
from agent.offline.director import answer as answer_heard
from tests.support.director_says import calls
from tools.contracts.digest import CharacterState, StudioDigest

SCRIPT = (Path(__file__).parents[3] / "data" / "scenes" / "northern_light.fountain").read_text(
    encoding="utf-8"
)


@pytest.mark.parametrize("cast", [("Mara",), ("Mara", "Daro"), ("Daro",), ()])
def test_a_script_is_one_plan_with_the_whole_text(cast: tuple[str, ...]) -> None:
    people = tuple(CharacterState(name=name) for name in cast)
    plan = answer_heard(Heard(StudioDigest(production="Harbour", characters=people), SCRIPT))
    assert [(call.tool, dict(call.args)) for call in plan.calls] == [
        ("plan_shots", {"text": SCRIPT.strip()})
    ]
    assert plan.text == ""


@pytest.mark.parametrize(
    "heading", ["INT. PIER - DAY", "EXT. PIER", "EST. PIER - DUSK", "I/E CAR - DAY", ".THE PIER"]
)
def test_every_kind_of_heading_opens_a_script(heading: str) -> None:
    script = f"The Last Ferry\n\n{heading}\n\nLirien wiats, her coat = wet.\n\nLIRIEN\nu r late."
    assert calls("pair", script) == [("plan_shots", {"text": script})]


def test_a_command_before_a_script_is_none_of_it() -> None:
    script = ".THE PIER - NIGHT\n\nLirien waits.\n\nLIRIEN\nThanks, Daro."
    assert calls("pair", f"Please plan this:\n\n{script}") == [("plan_shots", {"text": script})]


def test_a_file_name_at_a_lines_start_is_no_heading() -> None:
    assert calls("pair", "status\n.png") == [("status", {})]


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("pair", "Scene 7. INT. BOAT - NIGHT. Daro rows. Lirien sleeps.",
         [("plan_shots", {"scene": 7, "text": "INT. BOAT - NIGHT. Daro rows. Lirien sleeps."})]),
        ("pair", "Plan scene 3: INT. KITCHEN - NIGHT. Daro washes a cup. Lirien enters.",
         [("plan_shots", {"scene": 3, "text": "INT. KITCHEN - NIGHT. Daro washes a cup. Lirien enters."})]),
        ("pair", "Lirien opens the door. She looks around. Daro steps out.",
         [("plan_shots", {"text": "Lirien opens the door. She looks around. Daro steps out."})]),
    ],
)  # fmt: skip
def test_prose_is_one_plan(
    studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    assert calls(studio, say) == expected


SENTENCES = Path(__file__).parents[2] / "sentences"


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((SENTENCES / name).read_text(encoding="utf-8"))[
        "rows"
    ]
    return rows


def test_a_pasted_scene_is_one_plan_of_all_its_prose() -> None:
    for row in _rows("scenes.yaml"):
        ((tool, args),) = calls("pair", row["text"])
        assert isinstance(args, dict)
        assert (tool, args.get("scene")) == ("plan_shots", row.get("scene"))
        words, prose = args["text"].split(), " ".join(row["text"].split())
        assert prose.endswith(" ".join(words))
        assert len(words) >= len(prose.split()) - 3, (
            "no more than the head of the scene is left out"
        )
