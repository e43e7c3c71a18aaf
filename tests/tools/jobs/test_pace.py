"""The time that a stage has left is seen at its first unit, and a long one says what would be faster."""

from __future__ import annotations

import pytest

from tools.contracts.progress import Progress
from tools.jobs.pace import Pace, paced


def report(pace: Pace, now: float, done: int, total: int = 250, stage: str = "train") -> Progress:
    return pace.timed(Progress(stage=stage, done=done, total=total, note="loss 0.1"), now)


def test_a_slow_machine_is_seen_at_the_first_step() -> None:
    """250 steps of 20 s each: the first one says an hour and twenty minutes, and why."""
    pace = Pace(100.0, lambda: "fp32; a CUDA GPU would be faster")
    first = report(pace, 120.0, 1)
    assert first.left_s == pytest.approx(249 * 20)
    assert first.line == "loss 0.1, 1 h 23 min left, fp32; a CUDA GPU would be faster"


def test_the_rate_is_that_of_the_stage_alone() -> None:
    pace = Pace(0.0)
    assert report(pace, 1000.0, 0, 10, stage="photos").left_s is None
    assert report(pace, 1002.0, 1, 10, stage="photos").left_s == pytest.approx(18)
    assert report(pace, 1006.0, 1).left_s == pytest.approx(249 * 4)
    assert report(pace, 1007.0, 2).left_s == pytest.approx(248 * 2.5)


def test_what_an_earlier_run_did_is_not_counted_as_fast_work() -> None:
    pace = Pace(0.0)
    assert report(pace, 5.0, 121).left_s is None
    assert report(pace, 7.0, 122).left_s == pytest.approx(128 * 2)


def test_nothing_is_said_of_the_end_or_where_the_length_is_unknown() -> None:
    pace = Pace(0.0, lambda: "never asked")
    assert report(pace, 1.0, 1, total=0).line == "loss 0.1"
    assert report(pace, 2.0, 250).left_s is None


def test_a_short_stage_gives_no_reasons() -> None:
    pace = Pace(0.0, lambda: "fp32")
    assert report(pace, 1.0, 1).line == "loss 0.1, 4 min left"
    assert report(pace, 1.5, 249).line == "loss 0.1, 0 s left"


def test_a_sink_is_given_every_report_with_its_time() -> None:
    seen: list[Progress] = []
    sink = paced(seen.append)
    for done in range(3):
        sink(Progress(stage="qc", done=done, total=9))
    assert [each.done for each in seen] == [0, 1, 2]
    assert [each.left_s is None for each in seen] == [True, False, False]


def test_a_stage_that_knows_its_own_time_keeps_it() -> None:
    """Training does: what was loaded before its first step is not part of its pace."""
    pace = Pace(0.0, lambda: "fp32")
    report = Progress(stage="train", done=1, total=250, left_s=240.0)
    assert pace.timed(report, 60.0).left_s == 240.0
    assert pace.timed(report.model_copy(update={"left_s": 900.0}), 61.0).slow_because == "fp32"
