"""A layered set on its way: what is kept of it, what is dropped, what is asked for next."""

from __future__ import annotations

import pytest

from tools.contracts.casting import BuildSetMade, BuildSetRequest, LayerMade
from tools.contracts.photography import Layer
from tools.contracts.references import SetImage
from tools.contracts.sets import ReferenceSetMade
from tools.errors import BadInput
from tools.services import Services
from tools.store.job import Job, JobState
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.build.layered_draft import (
    LayeredDraft,
    drop_from_draft,
    end_layered_draft,
    find_layered_draft,
    keep_draft,
    next_request,
)

REQUEST = BuildSetRequest(
    production="studio", character="Daro", base="micro", portraits=("a" * 64,), layers=1, seed=1
)
STORED = ReferenceSetMade(reference_set_id="b", version=1, count=12)


def layer(*positions: int) -> LayerMade:
    images = tuple(
        SetImage(file=f"{at}.png", digest="b" * 64, layer=Layer.CLOSE_UP, position=at)
        for at in positions
    )
    return LayerMade(
        layer=Layer.CLOSE_UP, images=images, given_up=(), drawn=len(images), csfd_mean=None
    )


def draft(made: BuildSetMade | None, *dropped: int) -> LayeredDraft:
    """A draft whose newest job has brought something, or is still drawing."""
    job = Job(
        kind=Kind.BUILD_SET,
        key="key",
        payload=REQUEST.model_dump_json(),
        production_id="p",
        state=JobState.CLAIMED if made is None else JobState.DONE,
        result=None if made is None else made.model_dump_json(),
    )
    return LayeredDraft(REQUEST, job, frozenset(dropped))


def test_images_are_those_drawn_and_not_dropped() -> None:
    found = draft(BuildSetMade(made=(layer(1, 2), layer(3))), 2)
    assert [image.position for image in found.images] == [1, 3]
    assert not found.is_finished
    assert draft(BuildSetMade(made=(layer(1),), finished=STORED)).is_finished


def test_while_the_job_is_not_done_there_is_nothing() -> None:
    assert (draft(None).made, draft(None).images) == (None, ())


def test_next_is_one_layer_more_and_at_the_end_the_whole_set() -> None:
    drawn = draft(BuildSetMade(made=(layer(1, 2),)), 2, 1)
    assert (next_request(drawn).layers, next_request(drawn).dropped) == (2, (1, 2))
    every = draft(BuildSetMade(made=tuple(layer(at) for at in range(1, drawn.all_layers + 1))))
    assert next_request(every).layers is None


def test_a_draft_is_kept_dropped_from_and_ended(services: Services, daro: LoadedCharacter) -> None:
    assert find_layered_draft(services, daro.id) is None
    keep_draft(services, daro.id, REQUEST.model_copy(update={"dropped": (4,)}))
    kept = find_layered_draft(services, daro.id)
    assert kept is not None
    assert (kept.job, kept.dropped) == (None, frozenset({4}))

    shown = draft(BuildSetMade(made=(layer(1, 2),)))
    with pytest.raises(BadInput, match="no image 3 in the set; there are 1, 2"):
        drop_from_draft(services, daro.id, shown, (2, 3))
    drop_from_draft(services, daro.id, shown, (2,))
    kept = find_layered_draft(services, daro.id)
    assert kept is not None
    assert kept.dropped == frozenset({2, 4})

    end_layered_draft(services, REQUEST, daro.id)
    assert find_layered_draft(services, daro.id) is not None, "the draft of another request"
    end_layered_draft(services, kept.request, daro.id)
    assert find_layered_draft(services, daro.id) is None
