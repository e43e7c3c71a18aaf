"""Which garments a base draws when it is asked for them: `python -m bench.garments OUT [ANSWERS ...]`.

Draws medium shots of every garment in two colours on a woman and on a man, lays them out without their
words (`OUT/look_1_woman.png`, each look in an order of its own), and counts a looker's answers: files named
`look_1_woman.txt` with lines `NUMBER GARMENT`, the garment one of `SEEN`. What was asked for stays in the
prompts; a looker must not read `OUT/asked.json` before the answers are written.
"""

from __future__ import annotations

import json
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


def count(answers: Sequence[Path]) -> dict[tuple[str, str], Counter[str]]:
    """Count what was seen by sex and garment asked, over all answers.

    Raises:
        BadInput: an answer that is none of `SEEN`, or not one for each picture.
    """
    seen: dict[tuple[str, str], Counter[str]] = {}
    for path in answers:
        _, look, sex = path.stem.split("_")
        ours = in_order(int(look), sex)
        said = dict(line.split(" ", 1) for _, line in lines_of(read_text_file(path)))
        for number, each in enumerate(ours, start=1):
            answer = said.get(str(number), "nothing")
            if answer not in SEEN:
                raise BadInput(f"{path.name}: {number} is {answer}; say one of {', '.join(SEEN)}")
            seen.setdefault((sex, each.garment), Counter())[answer] += 1
    return seen


def agreement(answers: Sequence[Path]) -> float:
    """Return the share of pictures that all looks call the same, 0 to 1."""
    said: dict[str, set[str]] = {}
    for path in answers:
        _, look, sex = path.stem.split("_")
        lines = dict(line.split(" ", 1) for _, line in lines_of(read_text_file(path)))
        for number, each in enumerate(in_order(int(look), sex), start=1):
            said.setdefault(each.file, set()).add(lines[str(number)])
    return sum(len(each) == 1 for each in said.values()) / len(said)


def main() -> None:
    """Draw, or print the table of the answers."""
    out, answers = Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]
    if not answers:
        draw_all(out)
        print(f"look at the sheets in {out}; then call again with the answers")
        return
    print("| asked for | " + " | ".join(SEXES) + " |\n| --- | --- | --- |")
    seen = count(answers)
    for garment in GARMENTS:
        words = [
            ", ".join(
                f"{what} {many}" for what, many in seen.get((sex, garment), Counter()).most_common()
            )
            for sex in SEXES
        ]
        print(f"| {garment} | {' | '.join(words)} |")
    print(f"\nthe looks agree on {agreement(answers):.2f}; {json.dumps(len(drawings()))} pictures")


if __name__ == "__main__":
    main()
