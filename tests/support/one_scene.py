"""A text of one scene, planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.contracts.briefs import Person
from tools.contracts.planning import PlannedScene
from tools.language.scene.plan_scene import plan_scenes


def plan_scene(
    text: str,
    known: Sequence[str],
    looks: Mapping[str, Sequence[str]] | None = None,
    persons: Mapping[str, Person] | None = None,
) -> PlannedScene:
    """Plan a text that holds one scene; see `plan_scenes`."""
    (scene,) = plan_scenes(text, known, looks, persons)
    return scene
