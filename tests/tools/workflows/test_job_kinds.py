"""One value a kind of job holds all that the queue, the costs and the chat ask of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import get_args, get_type_hints

import pytest

from tools.services import Services
from tools.workflows.job_kinds import AnyKind, Work, build_handlers, job_kinds
from tools.workflows.kinds import Kind
from tools.workflows.sets.build.build_set import build_set

KINDS = sorted(job_kinds().items())


def test_every_name_has_its_kind_and_every_kind_a_handler(services: Services) -> None:
    assert set(job_kinds()) == set(Kind)
    assert set(build_handlers(services)) == set(Kind)


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_a_verb_takes_and_gives_what_its_kind_says(name: Kind, kind: AnyKind) -> None:
    verb: Callable[..., object] = build_set if name is Kind.BUILD_SET else kind.verb()
    hints = get_type_hints(verb)
    _, request, progress = list(inspect.signature(verb).parameters)[:3]
    assert (hints[request], hints["return"]) == (kind.request, kind.result)
    assert progress == "progress"


def test_what_draws_or_trains_needs_a_gpu_and_what_reads_does_not() -> None:
    needing = {name for name, kind in job_kinds().items() if kind.needs_gpu}
    assert needing == {
        Kind.CAST, Kind.LAYER, Kind.BUILD_SET, Kind.TRAIN, Kind.ADD_LORA, Kind.SHOOT, Kind.SKETCH,
        Kind.COMPARE,
    }  # fmt: skip


def test_every_work_that_can_be_cancelled_has_kinds() -> None:
    assert {kind.part_of for kind in job_kinds().values()} == {*get_args(Work), None}
