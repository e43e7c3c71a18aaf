"""Which garments a base draws when it is asked for them: `python -m bench.garments OUT [ANSWERS ...]`.

Draws medium shots of every garment in two colours on a woman and on a man, lays them out without their
words (`OUT/look_1_woman.png`, each look in an order of its own), and counts a looker's answers: files named
`look_1_woman.txt` with lines `NUMBER GARMENT`, the garment one of `SEEN`. What was asked for stays in the
prompts; a looker must not read `OUT/asked.json` before the answers are written.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tools.compose import build_services
from tools.contracts.bases import BaseRow
from tools.contracts.images import CastMember, ImageRequest, Purpose
from tools.errors import BadInput
from tools.imaging.pictures import load_picture, save_picture, write_json
from tools.imaging.sheets import SheetCell, contact_sheet
from tools.language.prompt.anchor import with_anchor
from tools.settings import Settings
from tools.textfiles import lines_of, read_text_file

BASE = "maquette"
SEXES = ("woman", "man")
GARMENTS = ("shirt", "t-shirt", "top", "sports top", "sweater", "coat", "suit", "dress")
COLOURS = ("red", "blue")
SEEDS = 8
LOOKS = 2
PEOPLE = (
    "fair skin, short brown hair",
    "dark skin, short black hair",
    "olive skin, black hair in a ponytail",
    "tan skin, short blonde hair",
)
"""Each twice; the same for all garments, so that only the garment differs."""
LIGHT, PLACE = "studio three-point light", "grey studio backdrop"
SEEN = (
    "short sleeves",
    "pullover",
    "collar",
    "jacket",
    "suit",
    "slit neck",
    "bare belly",
    "unclear",
)
"""What a looker may answer: what is to be seen, not what it might be called.

`short sleeves` and `pullover` (long sleeves) have a round neck, `collar` is a long-sleeved shirt with one,
`jacket` is open or buttoned at the front with pockets, `suit` has lapels, `slit neck` is a tight upper part
with a slit, as the base's dresses have.
"""


@dataclass(frozen=True)
class GarmentDrawing:
    """One picture, with what was asked for."""

    file: str
    sex: str
    garment: str
    colour: str
    seed: int


def drawings() -> list[GarmentDrawing]:
    """Return all of them; half of the seeds have the first colour."""
    return [
        GarmentDrawing(
            file=f"{sex}_{garment.replace(' ', '_')}_{seed}.png",
            sex=sex,
            garment=garment,
            colour=COLOURS[seed * len(COLOURS) // SEEDS],
            seed=seed,
        )
        for sex, garment, seed in product(SEXES, GARMENTS, range(SEEDS))
    ]


def draw_all(out: Path) -> None:
    """Draw what is not drawn yet, and lay the looks out."""
    services = build_services(Settings(home=out / "studio", database_url=None))
    row = services.catalog.row(BASE)
    left = [each for each in drawings() if not (out / each.file).exists()]
    results = services.load_backend().draw([_request(row, each) for each in left])
    for each, result in zip(left, results, strict=True):
        save_picture(result.image, out / each.file)
    write_json(out / "asked.json", {each.file: each.garment for each in drawings()})
    for look, sex in product(range(1, LOOKS + 1), SEXES):
        cells = [
            SheetCell(load_picture(out / each.file), str(number))
            for number, each in enumerate(in_order(look, sex), start=1)
        ]
        sheet = contact_sheet(cells, title=f"look {look}, {sex}", columns=8, side=192)
        save_picture(sheet, out / f"look_{look}_{sex}.png")


def in_order(look: int, sex: str) -> list[GarmentDrawing]:
    """Return one sex's drawings in the order of a look."""
    ours = [each for each in drawings() if each.sex == sex]
    random.Random(f"{look} {sex}").shuffle(ours)
    return ours


def _request(row: BaseRow, drawing: GarmentDrawing) -> ImageRequest:
    block = f"{PEOPLE[drawing.seed % len(PEOPLE)]}, wearing a {drawing.colour} {drawing.garment}"
    cast = (CastMember(name="Model", identity_block=block, light=LIGHT),)
    scene = f"medium shot film still of a young {drawing.sex}, frontal view, {LIGHT}, {PLACE}"
    return ImageRequest(
        prompt=with_anchor(scene, cast),
        cast=cast,
        purpose=Purpose.TAKE,
        base=row.name,
        size=row.sizes[0],
        seed=drawing.seed,
        steps=row.steps,
        guidance=row.guidance,
    )


@dataclass(frozen=True)
class GarmentAnswer:
    """What a looker saw in one picture."""

    drawing: GarmentDrawing
    seen: str


def read_answers(path: Path) -> list[GarmentAnswer]:
    """Read one look's answers.

    Raises:
        BadInput: an answer that is none of `SEEN`, or not one for each picture.
    """
    _, look, sex = path.stem.split("_")
    said = dict(line.split(" ", 1) for _, line in lines_of(read_text_file(path)))
    answers = []
    for number, drawing in enumerate(in_order(int(look), sex), start=1):
        seen = said.get(str(number), "nothing")
        if seen not in SEEN:
            raise BadInput(f"{path.name}: {number} is {seen}; say one of {', '.join(SEEN)}")
        answers.append(GarmentAnswer(drawing, seen))
    return answers


def table(answers: Sequence[GarmentAnswer]) -> str:
    """Return what was seen by garment asked and sex, over all looks."""
    seen: dict[tuple[str, str], Counter[str]] = {}
    for each in answers:
        asked = (each.drawing.garment, each.drawing.sex)
        seen.setdefault(asked, Counter())[each.seen] += 1
    rows = [f"| asked for | {' | '.join(SEXES)} |", "| --- | --- | --- |"]
    for garment in GARMENTS:
        counts = (seen.get((garment, sex), Counter()).most_common() for sex in SEXES)
        cells = [", ".join(f"{what} {many}" for what, many in count) for count in counts]
        rows.append(f"| {garment} | {' | '.join(cells)} |")
    return "\n".join(rows)


def agreement(answers: Sequence[GarmentAnswer]) -> float:
    """Return the share of pictures that all looks call the same, 0 to 1."""
    said: dict[str, set[str]] = {}
    for each in answers:
        said.setdefault(each.drawing.file, set()).add(each.seen)
    return sum(len(words) == 1 for words in said.values()) / len(said)


def main() -> None:
    """Draw, or print the table of the answers."""
    out, files = Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]
    if not files:
        draw_all(out)
        print(f"look at the sheets in {out}; then call again with the answers")
        return
    answers = [answer for file in files for answer in read_answers(file)]
    print(table(answers))
    print(f"\nthe looks agree on {agreement(answers):.2f} of the pictures")


if __name__ == "__main__":
    main()
