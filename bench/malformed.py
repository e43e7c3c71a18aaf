"""Which sureness tells a malformed head: precision and recall against two readers.

Run as `python -m bench.malformed` (a minute on two cores).
"""

from __future__ import annotations

from tests.support.drawn_heads import drawn_heads
from tools.embedders.drawn.embedder import DrawnEmbedder
from tools.embedders.drawn.weights import shipped_weights
from tools.qc.malformed import malformed
from tools.qc.readable import SMALL_FRAMINGS

BARS = (0.30, 0.34, 0.38, 0.42, 0.46)


def main() -> None:
    """Print a line for each bar; pictures on which the readers differ are left out."""
    heads = [each for each in drawn_heads() if each.broken is not None]
    found = DrawnEmbedder(shipped_weights(), device="cpu").faces([each.picture for each in heads])
    print(
        "| bar | broken caught | usable refused | precision | recall |\n| --- | --- | --- | --- | --- |"
    )
    pairs = [
        (each, faces)
        for each, faces in zip(heads, found, strict=True)
        if each.framing not in SMALL_FRAMINGS
    ]
    broken = sum(each.broken is True for each, _ in pairs)
    for bar in BARS:
        told = [each.broken for each, faces in pairs if malformed(faces, bar, each.framing)]
        caught = told.count(True)
        print(
            f"| {bar:.2f} | {caught} of {broken} | {told.count(False)} of {len(pairs) - broken} | "
            f"{caught / len(told):.2f} | {caught / broken:.2f} |"
        )


if __name__ == "__main__":
    main()
