"""What tools share: jobs that are asked for, how a failure is said, and words in a sentence."""

from __future__ import annotations

import pytest

from agent.context import ChatContext
from agent.toolkit.common import (
    ask_for,
    badly_ended,
    base_name,
    base_row,
    character_of,
    listed,
    references_of,
    replaced_words,
    score_words,
    settle,
    taken_out,
)
from tests.agent.toolkit.conftest import Linked
from tests.support.filled_studio import trained
from tools.contracts.progress import ignore_progress
from tools.contracts.sets import GateRequest
from tools.contracts.shots import Removal, Replacement
from tools.errors import Refused, UnknownName
from tools.language.text import plural
from tools.store.job import JobState
from tools.workflows.kinds import Kind

REQUEST = GateRequest(reference_set_id="a")


def test_a_job_is_linked_when_it_is_asked_for_and_known_when_it_is_asked_for_again(
    context: ChatContext, linked: Linked
) -> None:
    first = ask_for(context, Kind.GATE, REQUEST)
    again = ask_for(context, Kind.GATE, REQUEST)

    assert (first.was_done, first.was_waiting) == (False, False)
    assert (again.was_done, again.was_waiting) == (False, True)
    assert first.jobs == again.jobs == tuple(linked.ids) == (first.job.id,)


def test_a_short_job_is_waited_for_and_what_it_raises_is_raised(
    context: ChatContext, linked: Linked
) -> None:
    with pytest.raises(UnknownName, match="no reference set a"):
        settle(context, Kind.GATE, REQUEST, ignore_progress)

    assert linked.ids == [], "its tool tells of it, so no report is due"


def test_a_bad_end_is_said_with_its_reason(context: ChatContext) -> None:
    job = ask_for(context, Kind.GATE, REQUEST).job
    open_ = badly_ended(job, "The gate")
    assert open_ is not None
    assert open_.text == "The gate has not ended: it is approved."

    said = {}
    for state, message in (
        (JobState.FAILED, "no face"),
        (JobState.FAILED, None),
        (JobState.CANCELLED, None),
    ):
        answer = badly_ended(
            job.model_copy(update={"state": state, "message": message}), "The gate"
        )
        assert answer is not None
        said[state, message] = answer.text
    assert said == {
        (JobState.FAILED, "no face"): "The gate failed: no face",
        (JobState.FAILED, None): "The gate failed: no reason is known",
        (JobState.CANCELLED, None): "The gate was cancelled; what was finished is kept.",
    }
    assert badly_ended(job.model_copy(update={"state": JobState.DONE}), "The gate") is None


def test_a_character_the_base_and_the_newest_set_of_this_production(
    context: ChatContext, daro: str
) -> None:
    assert character_of(context, daro).name == "Daro"
    assert base_name(context) == base_row(context).name == "micro"
    with pytest.raises(UnknownName, match="no character named 'Lirien'"):
        character_of(context, "Lirien")
    with pytest.raises(Refused, match="Daro has no references yet; build them from a chosen face"):
        references_of(context, character_of(context, daro))
    trained(context.services)
    trained(context.services)
    assert references_of(context, character_of(context, daro)).row.version == 2


def test_words_of_a_sentence(context: ChatContext, daro: str) -> None:
    assert [plural(count, "image") for count in (0, 1, 2)] == ["0 images", "1 image", "2 images"]
    assert [listed([*"abc"[:count]]) for count in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    lora = trained(context.services)
    assert score_words(lora) == "no score"
    assert score_words(lora.model_copy(update={"score": 0.0314})) == "identity score 0.031"


def test_what_was_replaced_or_taken_out_is_said_once_for_each_reason() -> None:
    assert replaced_words([Replacement(slot="hair", said="auburn", used="red")]) == [
        "“auburn” is not known to the base; “red” goes in its place."
    ]
    removed = [
        Removal(term="8k", reason="is no word of a camera"),
        Removal(term="octane", reason="names a renderer"),
        Removal(term="4k", reason="is no word of a camera"),
    ]
    assert taken_out(removed) == [
        "Taken out: “8k” and “4k”; it is no word of a camera.",
        "Taken out: “octane”; it names a renderer.",
    ]
