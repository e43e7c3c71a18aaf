from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.workflows.shots.shoot.remedies import REMEDIES, remedy_for, take_seed


def test_the_first_try_changes_nothing_and_the_second_only_the_seed() -> None:
    for tries in (1, 2):
        assert remedy_for(tries).adapter_factor == 1.0
        assert remedy_for(tries).guidance_added == 0.0


def test_later_tries_take_the_next_remedy_and_keep_the_last() -> None:
    assert [remedy_for(tries) for tries in range(1, 5)] == list(REMEDIES)
    assert remedy_for(3).adapter_factor > 1.0
    assert remedy_for(9) == REMEDIES[-1]


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
