from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.contracts.model import Contract
from tools.jobs.keys import job_key


class Draw(Contract):
    words: str
    seed: int


class Turned(Contract):
    seed: int
    words: str


payloads = st.builds(Draw, words=st.text(max_size=20), seed=st.integers())
kinds = st.sampled_from(["draw", "train", "draw\n"])


@given(payloads, payloads, kinds, kinds)
def test_keys_are_equal_exactly_when_kind_and_payload_are(
    first: Draw, second: Draw, kind: str, other: str
) -> None:
    same = (first, kind) == (second, other)
    assert (job_key(kind, first) == job_key(other, second)) == same


@given(st.text(max_size=20), st.integers())
def test_the_order_of_fields_does_not_count(words: str, seed: int) -> None:
    assert job_key("draw", Draw(words=words, seed=seed)) == job_key(
        "draw", Turned(seed=seed, words=words)
    )


def test_a_key_stays_what_it_was() -> None:
    assert job_key("draw", Draw(words="fog", seed=1)) == (
        "a9239a17080fe8b5aa631aa643b6c91dec26e7b075c80ec065285695171c3ce7"
    )
