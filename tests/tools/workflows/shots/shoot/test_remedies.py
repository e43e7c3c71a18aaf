from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.backends.bases import read_table
from tools.contracts.bases import REMEDIES, BaseRow
from tools.workflows.shots.shoot.remedies import remedy_for, take_seed

ROWS = [row for row in read_table() if isinstance(row, BaseRow)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_first_try_changes_nothing_and_the_second_only_the_seed(row: BaseRow) -> None:
    for tries in (1, 2):
        assert remedy_for(row, tries).adapter_factor == 1.0
        assert remedy_for(row, tries).guidance_added == 0.0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_later_tries_take_the_next_remedy_and_keep_the_last(row: BaseRow) -> None:
    tried = [remedy_for(row, tries) for tries in range(1, len(row.remedies) + 1)]
    assert tried == list(row.remedies)
    assert remedy_for(row, 3).adapter_factor > 1.0
    assert remedy_for(row, 9) == row.remedies[-1]


def test_guidance_is_added_only_where_a_base_is_guided() -> None:
    """One more on schnell's 0 would change nothing, and a try would be lost."""
    for row in ROWS:
        added = any(each.guidance_added for each in row.remedies)
        assert added == (row.guidance > 0 and not row.guidance_free)
    schnell = next(row for row in ROWS if row.name == "flux-schnell")
    with pytest.raises(ValidationError, match="a remedy that adds to it does nothing"):
        BaseRow.model_validate({**schnell.model_dump(), "remedies": REMEDIES})


@given(st.integers(0, 2**32 - 1), st.sampled_from(["1A", "12B", "sheet"]), st.integers(1, 10))
def test_a_seed_is_lawful_and_fixed_by_what_it_is_for(base: int, slate: str, tries: int) -> None:
    seed = take_seed(base, slate, tries)
    assert 0 <= seed < 2**32
    assert seed == take_seed(base, slate, tries)


def test_seeds_differ_between_shots_tries_and_bases() -> None:
    seeds = {
        take_seed(base, slate, tries)
        for base in range(4)
        for slate in ("1A", "1B", "11A")
        for tries in range(1, 11)
    }
    assert len(seeds) == 4 * 3 * 10
