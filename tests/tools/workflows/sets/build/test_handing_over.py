"""The gate's word on images of a set that is still being built."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from tests.support.readable_faces import ReadableFaces
from tools.contracts.photography import Framing, Layer, View
from tools.contracts.references import SetImage
from tools.imaging.pictures import encode_png
from tools.services import Services
from tools.workflows.sets.build.handing_over import refused_images


def image(services: Services, number: int, picture: Image.Image) -> SetImage:
    return SetImage(
        file=f"{number}.png",
        digest=services.files.put_bytes(encode_png(picture), ".png").digest,
        layer=Layer.CLOSE_UP,
        framing=Framing.CLOSE_UP,
        view=View.FRONTAL,
    )


def test_strangers_and_repeats_are_refused_with_the_gates_reasons(services: Services) -> None:
    eyes = ReadableFaces()
    quick = replace(services, load_faces=lambda _name: eyes)
    random = np.random.default_rng(0)
    pictures = [
        Image.fromarray(random.integers(0, 256, (128, 128, 3), dtype=np.uint8)) for _ in range(6)
    ]
    eyes.mark_stranger(pictures[3])
    images = [image(quick, number, each) for number, each in enumerate([*pictures, pictures[1]])]
    refused = refused_images(quick, images, "maquette")
    assert refused.keys() == {"3.png", "6.png"}
    assert refused["6.png"] == "repeats 1.png, counts once"
    assert "; drop it" in refused["3.png"]
    assert refused_images(quick, [], "maquette") == {}
