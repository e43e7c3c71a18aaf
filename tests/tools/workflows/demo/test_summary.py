from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.verdicts import Outcome, Verdict
from tools.workflows.demo.summary import JudgedTake, chosen_takes, peak_memory_mb, summarise

EAST, NORTH = (1.0, 0.0), (0.0, 1.0)


def take(
    slate: str,
    tries: int,
    outcome: Outcome,
    own: float | None,
    other: float | None = 0.4,
    nearest: str = "own",
    embedding: tuple[float, ...] | None = EAST,
) -> JudgedTake:
    unread = own is None
    verdict = Verdict(
        outcome=outcome,
        reasons=("because",),
        csfd_own=own,
        csfd_other=None if unread else other,
        nearest=None if unread else nearest,
    )
    return JudgedTake(slate, tries, verdict, None if unread else embedding)


def test_means_leave_out_takes_without_a_readable_face_and_count_them() -> None:
    summary = summarise(
        [
            take("1A", 1, Outcome.REJECT, None),
            take("1A", 2, Outcome.PASS, 0.1),
            take("2A", 1, Outcome.REVIEW, 0.3, nearest="cast-3"),
        ],
        [],
    )
    assert summary.own_mean == pytest.approx(0.2)
    assert summary.other_mean == pytest.approx(0.4)
    assert summary.nearest_own_rate == pytest.approx(0.5)
    assert (summary.detected, summary.passed, summary.rejected) == (2, 1, 1)


def test_choosing_the_best_of_three_cannot_flatter_the_first_takes() -> None:
    takes = [
        take("1A", 1, Outcome.REJECT, 0.5),
        take("1A", 2, Outcome.REJECT, 0.4),
        take("1A", 3, Outcome.PASS, 0.01),
    ]
    summary = summarise(takes, [take("1A", 1, Outcome.REJECT, 0.6)])
    assert summary.own_first_mean == pytest.approx(0.5)
    assert summary.base_own_mean == pytest.approx(0.6)


def test_faces_are_counted_over_first_takes_on_both_sides() -> None:
    summary = summarise(
        [
            take("1A", 1, Outcome.REJECT, None),
            take("1A", 2, Outcome.PASS, 0.1),
            take("2A", 1, Outcome.PASS, 0.1),
        ],
        [take("1A", 1, Outcome.REJECT, 0.5), take("2A", 1, Outcome.REJECT, 0.5)],
    )
    assert summary.first_detected == 1
    assert summary.base_first_detected == 2


def test_nothing_readable_gives_no_number_at_all() -> None:
    summary = summarise([take("1A", 1, Outcome.REJECT, None)], [])
    assert summary.own_mean is None
    assert summary.other_mean is None
    assert summary.nearest_own_rate is None
    assert summary.end_drift is None
    assert summary.detected == 0


def test_end_drift_is_the_last_chosen_take_against_the_first() -> None:
    takes = [
        take("1A", 1, Outcome.PASS, 0.1, embedding=EAST),
        take("2A", 1, Outcome.REJECT, 0.5, embedding=EAST),
        take("2A", 2, Outcome.PASS, 0.2, embedding=NORTH),
    ]
    assert summarise(takes, []).end_drift == pytest.approx(1.0)
    assert summarise(takes[:1], []).end_drift is None, "one shot drifts from nothing"


def test_the_chosen_take_has_the_best_outcome_then_the_least_distance_then_is_the_earlier() -> None:
    near = take("1A", 1, Outcome.REJECT, 0.1)
    passed = take("1A", 2, Outcome.PASS, 0.3)
    nearer = take("1A", 3, Outcome.PASS, 0.2)
    unread = take("2A", 1, Outcome.REVIEW, None)
    again = take("2A", 2, Outcome.REVIEW, None)
    assert chosen_takes([near, passed, nearer, unread, again]) == [nearer, unread]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1A", "2A", "3A"]),
            st.integers(1, 3),
            st.sampled_from(list(Outcome)),
            st.none() | st.floats(0, 1),
        ),
        max_size=12,
    )
)
def test_a_summary_never_counts_more_than_there_is(
    rows: list[tuple[str, int, Outcome, float | None]],
) -> None:
    takes = [take(*row) for row in rows]
    summary = summarise(takes, [])
    assert summary.passed + summary.rejected <= len(takes)
    assert summary.first_detected <= summary.detected <= len(takes)
    assert (summary.own_mean is None) == (summary.detected == 0)
    assert len(chosen_takes(takes)) == len({row[0] for row in rows})
    if summary.own_mean is not None:
        read = [own for *_, own in rows if own is not None]
        assert min(read) - 1e-4 <= summary.own_mean <= max(read) + 1e-4


def test_peak_memory_is_in_megabytes() -> None:
    assert 10 < peak_memory_mb() < 200_000


def test_small_faces_are_counted_and_left_out_of_the_means() -> None:
    small = take("2A", 1, Outcome.REVIEW, 0.9)
    small = JudgedTake(
        "2A", 1, small.verdict.model_copy(update={"small_face": True}), small.embedding
    )
    summary = summarise([take("1A", 1, Outcome.PASS, 0.1), small], [])
    assert summary.own_mean == pytest.approx(0.1)
    assert (summary.detected, summary.first_detected) == (2, 2)
