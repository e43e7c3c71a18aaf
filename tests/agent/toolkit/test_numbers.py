"""What a number or a slate that the director says stands for."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.numbers import show, take_slates
from agent.toolkit.pick import Pick, pick
from tests.agent.toolkit.conftest import show_all
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.progress import ignore_progress
from tools.errors import BadInput, UnknownName


def test_a_number_stands_only_for_what_was_shown(context: ChatContext, filmed: str) -> None:
    with pytest.raises(BadInput, match="take 1: no takes were shown yet; name the take by its sla"):
        pick(Pick(takes=("1",)), context, ignore_progress)
    show_all(context, "12A")
    with pytest.raises(BadInput, match=r"no take 4: 3 shown last, 1 \(12A T1\) to 3 \(12A T3\)"):
        pick(Pick(takes=("4",)), context, ignore_progress)
    show(context, Shown(kind=ShownKind.FACES, character="Daro", labels=("1", "2")))
    with pytest.raises(BadInput, match="take 2: the numbers shown last are of candidate faces"):
        pick(Pick(takes=("2",)), context, ignore_progress)
    with pytest.raises(UnknownName, match="no take 12A T7; there are: 12A T1, 12A T2, 12A T3"):
        pick(Pick(takes=("12A T7",)), context, ignore_progress)
    with pytest.raises(BadInput, match="'12I T1' is no take"):
        take_slates(context, ["12I T1"])


def test_numbers_and_slates_of_one_take_are_one(context: ChatContext, filmed: str) -> None:
    show_all(context, "12A")
    assert take_slates(context, ["2", "12A T2", "12a t2"]) == ["12A T2"]
