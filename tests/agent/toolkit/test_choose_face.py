"""`choose_face`: a choice is kept, checked and shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.cast import Cast, cast
from agent.toolkit.choose_face import ChooseFace, choose_face
from tests.support.readable_faces import quick_studio
from tools.compose import Studio, build_studio
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, Refused
from tools.settings import Settings
from tools.store.job import Job

Finish = Callable[[str], Job]


@pytest.fixture
def studio(tmp_path: Path, micro_home: Path, one_thread: None) -> Studio:
    """The fresh studio, with eyes that see a face in noise."""
    settings = Settings(home=tmp_path / "studio", device="cpu", threads=1, base="micro")
    return quick_studio(build_studio(settings, bases_home=micro_home))


def ask(context: ChatContext, candidates: int = 2, *, others: bool = False) -> Answer:
    arguments = Cast(character="Daro", candidates=candidates, others=others)
    return cast(arguments, context, ignore_progress)


def choose(context: ChatContext, face: int) -> Answer:
    return choose_face(ChooseFace(character="Daro", face=face), context, ignore_progress)


def test_a_choice_is_kept_checked_and_its_portraits_shown(
    context: ChatContext, daro: str, finish: Finish
) -> None:
    with pytest.raises(Refused, match="nothing was cast for Daro yet; cast faces first"):
        choose(context, 1)
    finish(ask(context).jobs[0])
    with pytest.raises(BadInput, match="no candidate 3; there are 1 to 2"):
        choose(context, 3)
    answer = choose(context, 2)
    assert len(answer.pictures) == 6
    assert answer.pictures[0].label.startswith("Daro, portrait 1: distance 0.")
    assert choose(context, 2).text.startswith("Face 2 is Daro's face already.")
    assert ask(context).jobs == ()
    assert choose(context, 2).text.startswith("Face 2 is Daro's face already."), "still chosen"
