"""Reference images as numbered pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from agent.context import ChatContext
from agent.toolkit.common import character_of, references_of
from agent.toolkit.set_pictures import layer_pictures, set_pictures, show_references
from tests.support.filled_studio import trained
from tests.support.micro_studio import frame
from tools.contracts.digest import Shown, ShownKind
from tools.contracts.photography import Layer
from tools.contracts.references import SetImage
from tools.contracts.verdicts import Outcome


def test_a_stored_image_is_labelled_with_what_is_known_of_it(
    context: ChatContext, daro: str
) -> None:
    trained(context.services, frames=[frame(2, 1), frame(2, 2)])
    found = references_of(context, character_of(context, daro))
    first, second = set_pictures(found)
    assert (first.number, first.label) == (1, "1: photo, no distance")
    assert (second.number, second.digest) == (2, found.images[1].digest)

    judged = [
        image.model_copy(update={"csfd": 0.0312, "verdict": verdict})
        for image, verdict in zip(found.images, (Outcome.REVIEW, Outcome.REJECT), strict=True)
    ]
    assert [each.label for each in set_pictures(replace(found, images=tuple(judged)))] == [
        "1: photo, distance 0.031, to be looked at",
        "2: photo, distance 0.031, refused",
    ]


def test_images_of_a_layer_keep_their_place_in_the_set(
    context: ChatContext, shown: Callable[[], Shown]
) -> None:
    image = SetImage(
        file="7.png", digest="a" * 64, caption="Daro", layer=Layer.PORTRAIT, position=7, csfd=0.05
    )

    pictures = layer_pictures([image])

    assert [(each.number, each.label) for each in pictures] == [(7, "7: portrait, distance 0.050")]
    show_references(context, "Daro", pictures)
    assert shown() == Shown(kind=ShownKind.REFERENCES, character="Daro", labels=("7",))
