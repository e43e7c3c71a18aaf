from __future__ import annotations

import pytest

from tools.errors import BadInput
from tools.services import Services
from tools.workflows.digest import studio_digest
from tools.workflows.people.production_style import change_style


def test_what_is_not_said_stays(services: Services) -> None:
    change_style(services, "studio", "35mm film, muted teal palette", None)
    done = change_style(services, "studio", "warm amber palette", "16:9")
    assert done.before.film_stock == done.after.film_stock == "35mm film"
    assert done.before.palette != done.after.palette
    assert (done.before.aspect_ratio, done.after.aspect_ratio) == ("1:1", "16:9")
    found = studio_digest(services, "studio")
    assert found.aspect_ratio == "16:9"
    assert "35mm film" in found.style


def test_no_words_leave_all_and_an_aspect_ratio_may_stand_in_the_words(services: Services) -> None:
    same = change_style(services, "studio", None, None)
    assert same.before == same.after
    assert change_style(services, "studio", "16:9, grainy", None).after.aspect_ratio == "16:9"
    assert change_style(services, "studio", None, "9:16").after.aspect_ratio == "9:16"


def test_too_many_words_are_refused_and_change_nothing(services: Services) -> None:
    before = studio_digest(services, "studio").style
    with pytest.raises(BadInput):
        change_style(services, "studio", "grainy, " * 2000, None)
    assert studio_digest(services, "studio").style == before
