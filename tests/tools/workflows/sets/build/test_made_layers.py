from __future__ import annotations

from tools.contracts.casting import GivenUp, LayerMade
from tools.contracts.photography import Layer
from tools.contracts.references import SetImage
from tools.workflows.sets.build.made_layers import joined, kept_of, without


def image(position: int, csfd: float | None) -> SetImage:
    return SetImage(
        file=f"{position:02d}.png",
        digest="a" * 64,
        layer=Layer.CLOSE_UP,
        position=position,
        csfd=csfd,
    )


def layer(*images: SetImage, given_up: tuple[GivenUp, ...] = ()) -> LayerMade:
    return LayerMade(
        layer=Layer.CLOSE_UP, images=images, given_up=given_up, drawn=len(images), csfd_mean=None
    )


def test_joining_adds_images_draws_and_the_mean() -> None:
    gone = GivenUp(position=3, reason="too far")
    both = joined(layer(image(1, 0.02), image(2, None)), layer(image(101, 0.04), given_up=(gone,)))
    assert [each.position for each in both.images] == [1, 2, 101]
    assert (both.drawn, both.csfd_mean, both.given_up) == (3, 0.03, (gone,))


def test_a_refused_image_is_given_up_with_its_reason() -> None:
    made = without(layer(image(1, 0.02), image(2, 0.2)), {"02.png": "2 faces", "99.png": "else"})
    assert [each.position for each in made.images] == [1]
    assert made.given_up == (GivenUp(position=2, reason="2 faces"),)
    assert (made.drawn, made.csfd_mean) == (2, 0.02)
    assert without(layer(image(1, 0.1)), {"01.png": "x"}).csfd_mean is None


def test_dropped_positions_are_not_kept() -> None:
    assert [each.position for each in kept_of(layer(image(1, 0.1), image(2, 0.1)), [1])] == [2]
