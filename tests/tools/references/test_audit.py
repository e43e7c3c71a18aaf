"""The audit counts a set against the paper's guidelines and names the gaps."""

from __future__ import annotations

import pytest

from tests.support.plan_variety import variety_of_planned
from tools.contracts.photography import Expression, Framing, View
from tools.contracts.references import PlannedImage
from tools.references.audit import AuditItem, AuditReport, audit, guidelines
from tools.references.facets import Facet, Variety, facets_of
from tools.references.plan import make_plan


def item(image: PlannedImage, **changes: object) -> AuditItem:
    variety = variety_of_planned(image).model_copy(update=changes)
    return AuditItem(file=f"{image.position}.png", width=1024, height=1024, variety=variety)


def planned_set(size: int = 20) -> list[AuditItem]:
    return [item(image) for image in make_plan(size).images]


def gaps(report: AuditReport) -> list[str]:
    return [gap.title for gap in report.gaps]


@pytest.mark.parametrize("size", [20, 25, 30, 45, 60])
def test_our_own_plan_meets_every_guideline(size: int) -> None:
    report = audit(planned_set(size))
    assert report.complete
    assert gaps(report) == []


def test_a_set_of_frontal_smiles_in_a_room_is_told_what_to_shoot() -> None:
    variety = Variety(framing=Framing.CLOSE_UP, view=View.FRONTAL, expression=Expression.SMILING)
    same = [AuditItem(file=f"{n}.png", width=1024, height=1024, variety=variety) for n in range(25)]
    report = audit(same)
    assert not report.complete
    assert "number of images" not in gaps(report)
    assert "expression: joy" not in gaps(report)
    assert {
        "head turned left",
        "head turned right",
        "expression: fear",
        "full-body portraits",
    } < set(gaps(report))
    left = next(gap for gap in report.gaps if gap.title == "head turned left")
    assert (left.have, left.need, left.unknown) == (0, 1, 0)
    assert "turned to the picture's left" in left.advice


@pytest.mark.parametrize("facet", list(Facet))
def test_taking_one_value_away_opens_exactly_its_gap(facet: Facet) -> None:
    items = planned_set(60)
    for rule in guidelines().guidelines:
        if rule.facet is facet:
            others = [i for i in items if facets_of(i.variety)[facet] != rule.value]
            assert rule.title in gaps(audit(others))


def test_what_is_not_known_is_said_and_not_counted() -> None:
    report = audit([item(image, light=None, expression=None) for image in make_plan(20).images])
    soft = next(gap for gap in report.gaps if gap.title == "soft light")
    assert (soft.have, soft.unknown) == (0, 20)
    assert len([gap for gap in report.gaps if gap.facet is Facet.EXPRESSION]) == 5


def test_few_small_and_oblong_pictures_are_named() -> None:
    items = planned_set()[:19]
    items[3] = items[3].model_copy(update={"width": 1500, "height": 1023})
    report = audit(items)
    assert report.too_small == ("4.png",)
    assert report.not_square == ("4.png",)
    assert "number of images" in gaps(report)
    assert not report.complete
    assert audit(items, min_side=256).too_small == ()


def test_an_empty_set_misses_everything() -> None:
    report = audit([])
    assert len(report.gaps) == len(report.findings) == 1 + len(guidelines().guidelines)


def test_every_guideline_counts_a_value_that_can_occur() -> None:
    possible = {
        (facet, value)
        for view in View
        for expression in Expression
        for framing in Framing
        for facet, value in facets_of(
            Variety(view=view, expression=expression, framing=framing)
        ).items()
    }
    for rule in guidelines().guidelines:
        if rule.facet in {Facet.HEAD, Facet.EXPRESSION, Facet.SHOT}:
            assert (rule.facet, rule.value) in possible
