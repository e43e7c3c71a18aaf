"""What is asked of the studio as a whole: status, cost, cancel, bases, deliveries, style."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.director_says import calls


@pytest.mark.parametrize(
    ("studio", "say", "expected"),
    [
        ("ready", "what style did we set?", [("status", {})]),
        ("board", "send me the finished files of scene 12", [("deliver", {"slates": ["12A"]})]),
        ("board", "Export the picks of scene 12", [("deliver", {"slates": ["12A"]})]),
        ("empty", "Lock the style: 16mm, grainy, desaturated, 2.39:1",
         [("set_style", {"style": "16mm, grainy, desaturated", "aspect_ratio": "2.39:1"})]),
        ("busy", "stop the training", [("cancel", {"what": "train"})]),
        ("busy", "cancel the download", [("cancel", {"what": "base"})]),
        ("busy", "how is Lirien doing?", [("status", {"character": "Lirien"})]),
        ("board", "how much money have we spent?", [("cost", {})]),
        ("empty", "Can you add Flux schnell?", [("add_base", {"base": "flux-schnell"})]),
        ("empty", "install flux 2 klein", [("add_base", {"base": "flux2-klein-4b"})]),
        ("empty", "Download Klein", [("add_base", {"base": "flux2-klein-4b"})]),
        ("empty", "install flux dev", [("add_base", {"base": "flux-dev"})]),
    ],
)  # fmt: skip
def test_calls(studio: str, say: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(studio, say) == expected


@pytest.mark.parametrize("say", ["what now?", "What?", "ok, what now"])
def test_one_who_does_not_know_how_to_go_on_is_told_how_things_stand(say: str) -> None:
    assert calls("ready", say) == [("status", {})]
