"""Say in a picture file that a generator drew it, or that it is a sketch: XMP with IPTC's source type.

Knows the metadata's form; must not know who drew what. In a PNG the packet is an iTXt chunk: Pillow's
own `xmp` option is ignored for PNG without a word.
"""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from PIL import Image

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC NewsCodes: media made by a trained algorithm."""
XMP_KEY = "XML:com.adobe.xmp"
SAID = "AI-generated"
SKETCH = "Samecast sketch"
"""How a sketch calls itself in its file: what it is refused by as a reference."""
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreatorTool="Samecast">
<Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def generated_text(title: str, description: str) -> dict[str, str]:
    """Return the text chunks of a PNG that a generator drew.

    Args:
        title: what the picture is called.
        description: what it shows, in plain words; said behind `AI-generated`.
    """
    said = f"{SAID}. {_plain(description)}"
    packet = _PACKET.format(
        source=SOURCE_TYPE, title=escape(_plain(title)), description=escape(said)
    )
    return {XMP_KEY: packet, "Title": _plain(title), "Description": said, "Software": "Samecast"}


def sketch_text(title: str, prompt: str) -> dict[str, str]:
    """Return the text chunks of a sketch's PNG: a picture drawn by the base alone, to look at.

    Args:
        title: what the picture is called.
        prompt: what was asked for.
    """
    said = "A sketch, not a take: drawn without a LoRA, neither for delivery nor a reference"
    return generated_text(f"{SKETCH} {title}", f"{said}. {prompt}")


def sketch_packet(data: bytes) -> bytes | None:
    """Return the XMP packet of a PNG or WebP that calls itself a sketch; None of any other file."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "WEBP")) as picture:
            found = picture.info.get(XMP_KEY) or picture.info.get("xmp") or b""
    except (OSError, Image.DecompressionBombError):
        return None  # whoever decodes it says what is wrong with it
    packet = found.encode() if isinstance(found, str) else bytes(found)
    return packet if SKETCH.encode() in packet else None


def is_sketch(data: bytes) -> bool:
    """Say whether the bytes of a picture call themselves a sketch."""
    return sketch_packet(data) is not None


def _plain(text: str) -> str:
    """Text without the control characters that XML 1.0 does not allow."""
    return "".join(sign for sign in text if sign >= " " and sign not in "\ufffe\uffff")
