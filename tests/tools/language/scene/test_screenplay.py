"""Screenplays by the Fountain syntax: https://fountain.io/syntax."""

from __future__ import annotations

import pytest

from tests.support.one_scene import plan_scene
from tools.contracts.photography import Framing
from tools.language.scene.plan_scene import plan_scenes

SCRIPT = """Title: Northern Light
Author: A. Tester

===

# Act One

= Mara finds out that the ship is gone.

.HARBOUR OFFICE - NIGHT #12A#

[[Check whether the lamp is practical]]

Mara waits by the window. /* She used to smoke here,
but we cut that. Mara burns the letter. */

@McAvoy
(quietly)
You're late.

> THE NEXT MORNING <

~The tide goes out

MARA ^
Say something.

She turns and *smiles*.

> CUT TO:

EXT. PIER - DAY #13#

Mara walks along the pier.

!HE DOES NOT COME.
"""


def test_every_heading_is_a_scene_with_its_number() -> None:
    scenes = plan_scenes(SCRIPT, ["Mara", "McAvoy"])
    found = [(each.scene.number, each.scene.place, each.scene.light) for each in scenes]
    assert found == [(12, "harbour office", "night"), (13, "pier", "day")]


def test_what_is_not_for_the_camera_is_in_no_shot() -> None:
    first, _ = plan_scenes(SCRIPT, ["Mara", "McAvoy"])
    said = first.model_dump_json(exclude={"uncovered"})
    for words in ("Tester", "Act One", "finds out", "practical", "burns", "smoke", "CUT TO"):
        assert words not in said
    assert first.uncovered == ("> THE NEXT MORNING < ~The tide goes out", "> CUT TO")
    assert first.unknown == ()


def test_forced_and_dual_cues_speak() -> None:
    first, _ = plan_scenes(SCRIPT, ["Mara", "McAvoy"])
    spoken = [shot for shot in first.shots if shot.framing is Framing.CLOSE_UP]
    assert [shot.cast[0].character for shot in spoken] == ["McAvoy", "Mara", "Mara"]
    assert spoken[0].action == "quietly"


def test_a_forced_action_is_an_action() -> None:
    _, second = plan_scenes(SCRIPT, ["Mara"])
    assert any("HE DOES NOT COME." in shot.covers for shot in second.shots)


@pytest.mark.parametrize(
    ("heading", "place", "light", "number"),
    [
        (".SNOWY FOREST", "snowy forest", None, None),
        (".SNOWY FOREST - DUSK #7#", "snowy forest", "dusk", 7),
        ("INT./EXT. CAFÉ - DAY", "café", "day", None),
        ("EST. HARBOUR - DAWN", "harbour", "dawn", None),
        ("14 EXT. PIER - NIGHT", "pier", "night", 14),
    ],
)
def test_headings(heading: str, place: str, light: str | None, number: int | None) -> None:
    scene = plan_scene(f"{heading}\n\nMara waits.", ["Mara"]).scene
    assert (scene.place, scene.light, scene.number) == (place, light, number)


def test_an_ellipsis_is_no_forced_heading() -> None:
    assert plan_scene("...and Mara waits.", ["Mara"]).scene.place is None


def test_accented_people_are_found_as_they_are_written_and_in_capitals() -> None:
    script = (
        "INT. KITCHEN - NIGHT\n\nÉTIENNE\n(quietly)\nHello.\n\nÉtienne sits down. He smiles.\n\n"
        "GÜNTHER\nYou are late.\n\nGunther turns to the window."
    )
    planned = plan_scene(script, ["Étienne", "Günther"])
    assert planned.unknown == ()
    names = [shot.cast[0].character for shot in planned.shots]
    assert names == ["Étienne", "Étienne", "Étienne", "Étienne", "Günther", "Günther"]
