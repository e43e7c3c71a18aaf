from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.support.micro_studio import huge_png
from tools.imaging.pictures import encode_png
from tools.imaging.provenance import (
    SOURCE_TYPE,
    XMP_KEY,
    generated_text,
    is_sketch,
    sketch_packet,
    sketch_text,
)

IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


def read_back(title: str, description: str) -> tuple[ElementTree.Element, dict[str, str]]:
    data = encode_png(Image.new("RGB", (4, 4)), generated_text(title, description))
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert isinstance(picture, Image.Image)
    text = {str(key): str(value) for key, value in picture.info.items()}
    return ElementTree.fromstring(text[XMP_KEY]), text


def test_a_png_says_that_it_is_generated() -> None:
    packet, text = read_back("12A T3", "Lirien, close-up <forest> & moonlight")
    assert [each.text for each in packet.iter(IPTC)] == [SOURCE_TYPE]
    said = "AI-generated. Lirien, close-up <forest> & moonlight"
    assert said in [each.text for each in packet.iter()]
    assert (text["Title"], text["Description"]) == ("12A T3", said)


def test_a_sketch_says_so_in_its_file_and_nothing_else_does() -> None:
    picture = Image.new("RGB", (4, 4))
    sketch = encode_png(picture, sketch_text("Harbour 12A T1", "Lirien, close-up"))
    assert is_sketch(sketch)
    assert b"neither for delivery nor a reference" in sketch
    with Image.open(io.BytesIO(sketch)) as drawn:
        buffer = io.BytesIO()
        drawn.save(buffer, "WEBP", xmp=sketch_packet(sketch))
    assert is_sketch(buffer.getvalue())
    others = (
        encode_png(picture),
        encode_png(picture, generated_text("12A T1", "x")),
        b"",
        b"\x89PNG",
    )
    assert not any(is_sketch(data) for data in others)


@given(st.text(), st.text())
def test_any_words_give_lawful_xml(title: str, description: str) -> None:
    packet = ElementTree.fromstring(generated_text(title, description)[XMP_KEY])
    assert [each.text for each in packet.iter(IPTC)] == [SOURCE_TYPE]


@pytest.mark.parametrize("data", [b"", b"no picture", huge_png(60_000, 60_000)])
def test_what_is_no_picture_of_ours_is_no_sketch(data: bytes) -> None:
    assert not is_sketch(data)
