"""Faces found on the labelled cast, per framing and view, by each way of looking.

Run as `python -m bench.detection` (three minutes on two cores). Also prints how well yaw, framing
and light agree with the labels.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tools.contracts.faces import Face
from tools.contracts.photography import View
from tools.embedders.photo.faces import DeepFaceEmbedder
from tools.imaging.pictures import load_picture
from tools.qc.light import framing_of, light_of, view_of
from tools.textfiles import lines_of, read_text_file

CAST = Path(__file__).parents[1] / "tests" / "data" / "cast"
LEFT = {View.LEFT_PROFILE, View.THREE_QUARTER_LEFT}
RIGHT = {View.RIGHT_PROFILE, View.THREE_QUARTER_RIGHT}


@dataclass(frozen=True)
class LabelledFrame:
    """One frame with its labels and what each way found."""

    shot: str
    view: str
    light: str
    image: Image.Image
    fast: list[Face]
    thorough: list[Face]


def look() -> tuple[list[LabelledFrame], float, float]:
    """Detect on all frames; return them with seconds a picture, fast and thorough."""
    seen, fast_s, thorough_s = [], 0.0, 0.0
    with tempfile.TemporaryDirectory() as home:
        embedder = DeepFaceEmbedder(weights_home=Path(home))
        for _, line in lines_of(read_text_file(CAST / "metadata.jsonl")):
            row = json.loads(line)
            image = load_picture(CAST / row["file_name"])
            start = time.perf_counter()
            fast = embedder.faces([image], thorough=False)[0]
            middle = time.perf_counter()
            thorough = fast or embedder.faces([image])[0]
            fast_s += middle - start
            thorough_s += middle - start + (0 if fast else time.perf_counter() - middle)
            seen.append(
                LabelledFrame(row["shot"], row["view"], row["light"], image, fast, thorough)
            )
    return seen, fast_s / len(seen), thorough_s / len(seen)


def detection_table(seen: list[LabelledFrame]) -> str:
    """Return a Markdown table of frames found, per framing and view."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for each in seen:
        view = each.view.removesuffix(" left").removesuffix(" right").removeprefix("left ")
        for key in ((each.shot, view.removeprefix("right ")), ("all", "")):
            count = counts.setdefault(key, Counter())
            count.update(
                frames=1,
                fast=int(bool(each.fast)),
                thorough=int(bool(each.thorough)),
                several=int(len(each.thorough) > 1),
            )
    lines = [
        "| framing | view | frames | HOG, two copies | with MMOD | more than one face |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for (shot, view), count in sorted(counts.items(), key=lambda item: item[0][0] == "all"):
        cells = (count[name] for name in ("frames", "fast", "thorough", "several"))
        lines.append(f"| {shot} | {view} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def agreement(seen: list[LabelledFrame]) -> str:
    """Say how often measured words agree with the labels, on frames with a face."""
    found = [each for each in seen if each.thorough]
    framing = sum(
        framing_of(each.thorough[0].box, each.image.height).value == each.shot for each in found
    )
    light = sum(light_of(each.image, each.thorough[0].box) == each.light for each in found)
    turned = sum(
        _side(view_of(each.thorough[0])) == _side(View(f"{each.view} view")) for each in found
    )
    return (
        f"of {len(found)} frames with a face: framing {framing}, "
        f"head turned left, right or not {turned}, light {light} as labelled"
    )


def _side(view: View) -> int:
    return (view in RIGHT) - (view in LEFT)


if __name__ == "__main__":
    frames, fast_seconds, thorough_seconds = look()
    print(detection_table(frames))
    print(f"seconds a picture: HOG {fast_seconds:.2f}, with MMOD {thorough_seconds:.2f}")
    print(agreement(frames))
