"""The model card beside the weights: how many pictures they have seen, and their measured figures.

A card is Markdown with a section `## Figures of this copy (N pictures seen)` whose first table
holds the figures. Other text is carried over as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from tools.errors import BadInput
from tools.imaging.pictures import write_atomically
from tools.textfiles import read_text_file

CARD = "MODEL.md"
_HEADING = re.compile(r"^## Figures of this copy(?: \((?P<seen>[\d,]+) pictures seen\))?.*$", re.M)
_TABLE = re.compile(r"^\|.*(?:\n\|.*)*", re.M)
_GUIDE = re.compile(r"`guide/` is this U-Net's own average after [\d,]+ pictures")
_NOT_MEASURED = "Not measured yet: run `samecast pretrain --measure` on this folder."


def pictures_seen(folder: Path) -> int:
    """Return how many pictures a base's card says it has seen; 0 without a card."""
    path = folder / CARD
    heading = _HEADING.search(read_text_file(path)) if path.is_file() else None
    if heading is None or heading["seen"] is None:
        return 0
    return int(heading["seen"].replace(",", ""))


def carry_card(source: Path, folder: Path, seen: int, guide: int = 0) -> None:
    """Write the source's card into a folder of new weights; the old figures are not theirs.

    Args:
        source: base that training began from.
        folder: new weights.
        seen: pictures that the new weights have seen beyond the source's.
        guide: pictures that the new weights' own guide has seen; 0 where the source's is carried on.
    """
    path = source / CARD
    text = read_text_file(path) if path.is_file() else f"# {source.name}\n"
    if guide:
        text = _with_guide(text, guide)
    _write(folder, _with_figures(text, _NOT_MEASURED, pictures_seen(source) + seen, inherited=True))


def write_figures(folder: Path, table: str) -> None:
    """Put measured figures into a base's card.

    Args:
        folder: base with its card.
        table: Markdown: conditions in a sentence, an empty line, the table.

    Raises:
        BadInput: the folder has no card.
    """
    path = folder / CARD
    if not path.is_file():
        raise BadInput(f"{folder}: has no {CARD} to write the figures into")
    text = read_text_file(path)
    _write(folder, _with_figures(text, table, pictures_seen(folder), inherited=False))


def _with_figures(text: str, figures: str, seen: int, *, inherited: bool) -> str:
    """Replace the section's head and table, or append a section; what follows the table stays.

    Inherited notes were observed with other weights and get a heading that says so.
    """
    new = f"## Figures of this copy ({seen:,} pictures seen)\n\n{figures.strip()}\n"
    heading = _HEADING.search(text)
    if heading is None:
        return f"{text.rstrip()}\n\n{new}"
    end = _section_end(text, heading.end())
    notes = _notes(text[heading.end() : end])
    if inherited and notes and not notes.startswith("### "):
        notes = (
            f"### Observed with the copy before ({heading['seen'] or 'unknown'} seen)\n\n{notes}"
        )
    body = f"{new}\n{notes}\n" if notes else new
    return f"{text[: heading.start()]}{body}{text[end:]}"


def _with_guide(text: str, seen: int) -> str:
    """Say what the guide is, in place of what was said of another or in a section of its own."""
    said = f"`guide/` is this U-Net's own average after {seen:,} pictures"
    if _GUIDE.search(text):
        return _GUIDE.sub(said, text)
    more = "the unconditional half of each step is predicted by it (autoguidance, arXiv:2406.02507)"
    return f"{text.rstrip()}\n\n## The guide\n\n{said}; {more}.\n"


def _notes(section: str) -> str:
    """Return what follows the section's table, or its notice that there is none."""
    table = _TABLE.search(section)
    rest = section[table.end() :] if table else section.partition(_NOT_MEASURED)[2]
    return rest.strip()


def _section_end(text: str, start: int) -> int:
    """Return where the next section of the same depth begins, with the line break before it."""
    following = re.search(r"^## ", text[start:], re.M)
    return start + following.start() - 1 if following else len(text)


def _write(folder: Path, text: str) -> None:
    write_atomically(folder / CARD, text.encode("utf-8"))
