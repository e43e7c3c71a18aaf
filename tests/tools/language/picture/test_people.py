"""Who is in a picture, and who is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.language.picture.people import strangers_beside_cast, without_names
from tools.language.text import read_text


@given(
    st.sampled_from(["and", "or", "with", "&"]),
    st.from_regex(r"[QXZ][aiou]k[aiou]r", fullmatch=True),
)
def test_whoever_is_tied_to_a_name_is_found(tie: str, stranger: str) -> None:
    for words in (f"cast Lirien {tie} {stranger}", f"cast {stranger} {tie} Lirien"):
        assert strangers_beside_cast(read_text(words, ["Lirien"])) == (stranger,)
    assert stranger not in without_names(f"smoking with {stranger}", (stranger,))
