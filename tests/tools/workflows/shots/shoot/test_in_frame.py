from __future__ import annotations

import pytest

from tests.support.filled_studio import shot
from tools.errors import BadInput
from tools.workflows.shots.shoot.in_frame import NO_SLATE, by_character, require_one_person


def test_shots_are_grouped_by_who_is_in_them_in_the_order_asked() -> None:
    shots = [shot("1A", "Mara"), shot("1B", "Daro"), shot("1C", "Mara")]
    groups = by_character(shots)
    assert list(groups) == ["Mara", "Daro"]
    assert [each.slate for each in groups["Mara"]] == ["1A", "1C"]


def test_nobody_and_two_are_refused_with_the_slate_where_there_is_one() -> None:
    assert require_one_person(shot("1A")) == "Daro"
    two = shot("1A", "Mara", "Daro")
    with pytest.raises(BadInput, match="1A has Mara and Daro in frame; this studio draws one"):
        require_one_person(two)
    with pytest.raises(BadInput, match="the shot has nobody in frame"):
        require_one_person(two.model_copy(update={"cast": (), "slate": NO_SLATE}))
