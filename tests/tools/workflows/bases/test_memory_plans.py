from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.tiny_models import build_tiny_sdxl
from tools.architectures.registry import preset
from tools.backends.bases import BaseCatalog
from tools.contracts.bases import BaseRow
from tools.contracts.memory import Residency, Task
from tools.errors import UnknownName
from tools.services import Services
from tools.workflows.bases.memory_plans import CardAsked, footprint_of, plans_of


def test_a_base_that_is_not_installed_is_planned_as_it_is_listed(services: Services) -> None:
    draw, train = plans_of(services, "sdxl", card=CardAsked(gb=12))
    assert (draw.task, train.task) == (Task.DRAW, Task.TRAIN)
    assert draw.plan is not None
    assert draw.plan.residency is Residency.RESIDENT
    assert train.plan is not None
    assert train.plan.checkpointing
    assert train.lines[0].startswith("sdxl, train: 10.")


def test_what_does_not_fit_is_a_line_and_no_plan(services: Services) -> None:
    _, train = plans_of(services, "flux-schnell", card=CardAsked(gb=12))
    assert train.plan is None
    assert train.lines == (train.refusal,)
    assert "a card of 12 GB has 11.5 GB free" in train.refusal


def test_the_runs_own_settings_count(services: Services) -> None:
    row = services.catalog.row("sdxl")
    assert isinstance(row, BaseRow)
    paper = preset("paper", row)
    _, frozen = plans_of(services, "sdxl", card=CardAsked(gb=80))
    _, learning = plans_of(services, "sdxl", paper, CardAsked(gb=80))
    assert frozen.plan is not None
    assert learning.plan is not None
    assert "texts" in {term.what for term in learning.plan.stages[-1].terms}
    assert "texts" not in {term.what for term in frozen.plan.stages[-1].terms}


def test_an_installed_base_is_weighed(services: Services, tmp_path: Path) -> None:
    """A smaller model of the architecture fits where the listed one would not."""
    catalog = BaseCatalog(tmp_path / "home")
    catalog.add("small", str(build_tiny_sdxl(tmp_path / "small")), like="sdxl")
    found = replace(services, catalog=catalog)
    need = footprint_of(found, catalog.row("small"))
    assert need is not None
    assert need.denoiser < 1
    assert len(need.texts) == 2
    draw, _ = plans_of(found, "small", card=CardAsked(gb=4))
    assert draw.plan is not None
    assert draw.plan.residency is Residency.RESIDENT


def test_this_machine_is_asked_where_no_card_is_named(services: Services) -> None:
    draw, train = plans_of(services, "maquette")
    assert draw.plan is not None
    assert train.plan is not None
    assert "what it needs is not known" in draw.lines[0]


def test_a_base_that_nobody_knows_is_refused(services: Services) -> None:
    with pytest.raises(UnknownName, match="no base named 'dalle'"):
        plans_of(services, "dalle")
