"""`omit`: what is said of shots and scenes that go out of the film and come back."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.omit import Omit, omit
from tests.agent.toolkit.conftest import show_all
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput


def said(context: ChatContext, **arguments: object) -> str:
    return omit(Omit.model_validate(arguments), context, ignore_progress).text


def test_shots_go_and_come_back_with_their_takes(context: ChatContext, filmed: str) -> None:
    assert said(context, slates=["12A", "12B"]) == "12A and 12B are omitted; takes are kept."
    assert "T1" not in show_all(context)
    assert said(context, slates=["12A", "12C"]) == (
        "12C is omitted; takes are kept. 12A is omitted already."
    )
    assert said(context, slates=["12A"], back=True) == "12A is in the film again."
    assert "12A T3" in show_all(context, "12A")
    assert said(context, slates=["12A"], back=True) == "12A is in the film already."


def test_a_scene_goes_as_a_whole(context: ChatContext, filmed: str) -> None:
    assert said(context, scene=12) == "Scene 12 is omitted; takes are kept."
    with pytest.raises(BadInput, match="12A with it; bring the scene back"):
        said(context, slates=["12A"], back=True)
    assert said(context, scene=12, back=True) == "Scene 12 is in the film again."


def test_nothing_named_is_refused(context: ChatContext) -> None:
    with pytest.raises(BadInput, match="which shot or scene"):
        said(context)
