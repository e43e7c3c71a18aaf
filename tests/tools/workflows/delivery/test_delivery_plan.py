from __future__ import annotations

from datetime import date

import pytest

from tests.support.filled_studio import PASSED, REJECTED, plan, shot, takes
from tools.errors import Refused, UnknownName
from tools.services import Services
from tools.store.production import Approval, Production
from tools.store.take import Take, pick_take, reject_take
from tools.workflows.delivery.delivery_plan import plan_delivery
from tools.workflows.digest import production_row
from tools.workflows.people.characters import LoadedCharacter

TODAY = date(2026, 11, 21)


def picked(services: Services, *rows: Take, note: str = "") -> None:
    with services.database.session() as session:
        for row in rows:
            pick_take(session=session, take_id=row.id, note=note)


@pytest.fixture
def filmed(services: Services, daro: LoadedCharacter) -> LoadedCharacter:
    """Two shots with a pick each and one without."""
    plan(services, shot("12A"), shot("2B"), shot("12C"))
    _, second = takes(services, shot("12A"), [REJECTED, PASSED])
    (only,) = takes(services, shot("2B"), [REJECTED])
    takes(services, shot("12C"), [PASSED])
    picked(services, second, only, note="for <the> eyes")
    return daro


def test_the_picks_are_chosen_in_slate_order(services: Services, filmed: LoadedCharacter) -> None:
    request = plan_delivery(services, "studio", (), TODAY)
    assert [each.take for each in request.takes] == ["2B T1", "12A T2"]
    assert (request.stamp, request.aspect_ratio) == ("2026-11-21_001", "1:1")
    assert [t.take for t in plan_delivery(services, "studio", ["12A"], TODAY).takes] == ["12A T2"]


def test_nothing_unpicked_is_delivered(services: Services, filmed: LoadedCharacter) -> None:
    with pytest.raises(Refused, match="no take of 12C is picked; pick one of each first"):
        plan_delivery(services, "studio", ["12A", "12C"], TODAY)
    with pytest.raises(UnknownName, match="no shot 99A"):
        plan_delivery(services, "studio", ["99A"], TODAY)
    with pytest.raises(Refused, match="no take is picked yet; pick takes first, then deliver"):
        plan_delivery(services, "Salt", (), TODAY)


def test_a_sketch_is_never_delivered_and_the_refusal_says_what_to_type(
    services: Services, filmed: LoadedCharacter
) -> None:
    plan(services, shot("14A"))
    (sketch,) = takes(services, shot("14A"), [PASSED], sketch=True)
    picked(services, sketch)
    assert "14A T1" not in [
        each.take for each in plan_delivery(services, "studio", (), TODAY).takes
    ]
    said = "of 14A there are only sketches, and a sketch is not delivered; say: make 14A real"
    with pytest.raises(Refused, match=said):
        plan_delivery(services, "studio", ["12A", "14A"], TODAY)
    with services.database.session() as session:
        session.get_one(Production, filmed.production_id).approval = Approval.PASS
    assert "14A T1" not in [
        each.take for each in plan_delivery(services, "studio", (), TODAY).takes
    ]


def test_a_production_of_sketches_alone_has_nothing_to_deliver(
    services: Services, daro: LoadedCharacter
) -> None:
    plan(services, shot("14A"))
    takes(services, shot("14A"), [PASSED], sketch=True)
    with pytest.raises(Refused, match="of 14A there are only sketches"):
        plan_delivery(services, "studio", (), TODAY)


def test_where_passing_releases_the_best_passed_take_goes(
    services: Services, filmed: LoadedCharacter
) -> None:
    with services.database.session() as session:
        session.get_one(Production, filmed.production_id).approval = Approval.PASS
    request = plan_delivery(services, "studio", (), TODAY)
    assert [each.take for each in request.takes] == ["2B T1", "12A T2", "12C T1"]
    plan(services, shot("13A"))
    (rejected,) = takes(services, shot("13A"), [PASSED])
    with services.database.session() as session:
        reject_take(session=session, take_id=rejected.id)
    with pytest.raises(Refused, match="no take of 13A is picked and none passed; pick one"):
        plan_delivery(services, "studio", ["13A"], TODAY)


def test_another_production_s_takes_stay_there(services: Services, filmed: LoadedCharacter) -> None:
    production_row(services, "Salt")
    with pytest.raises(UnknownName, match="no shot 12A"):
        plan_delivery(services, "Salt", ["12A"], TODAY)
