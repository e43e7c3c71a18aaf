from __future__ import annotations

from itertools import product

import pytest

from tools.errors import BadInput
from tools.jobs.states import FOLLOWERS, move
from tools.store.job import Job, JobState


@pytest.mark.parametrize(("before", "after"), list(product(JobState, JobState)))
def test_only_the_moves_of_the_table_are_made(before: JobState, after: JobState) -> None:
    job = Job(key="a", kind="draw", payload="{}", state=before)
    if after in FOLLOWERS[before]:
        move(job, after)
        assert job.state is after
    else:
        with pytest.raises(BadInput, match=f"is {before} and cannot become {after}"):
            move(job, after)
        assert job.state is before


def test_done_is_final_and_nothing_starts_unapproved() -> None:
    assert not FOLLOWERS[JobState.DONE]
    before_claim = [state for state in JobState if JobState.CLAIMED in FOLLOWERS[state]]
    assert before_claim == [JobState.APPROVED]
