"""Every benchmark as one table: `make bench`, or `python -m bench`.

Each row is a ratio of two ways of doing the same in one run on this machine, beside its goal; what
nobody else does is given in seconds. Leave the machine alone while it runs. The board's row needs what
`make test-browser` installs.
"""

from __future__ import annotations

import os
from pathlib import Path

from bench import chat, detection, drawing, loops, memory, qc, training


def main() -> None:
    """Print the table, then how many faces are found by framing and view."""
    print("| what | ours | other | ratio | goal |\n| --- | --- | --- | --- | --- |")
    learned = training.measure()
    print(
        f"| LoRA training, samples/s, against a plain loop | {learned.ours:.2f} | "
        f"{learned.plain:.2f} | {learned.ratio:.2f}× | 2× |",
        flush=True,
    )
    for loop in loops.measure():
        print(
            f"| LoRA steps/s, tiny {loop.base}, against diffusers' script | {loop.ours:.1f} | "
            f"{loop.script:.1f} | {loop.ratio:.2f}× | 1.5× |",
            flush=True,
        )
    drawn = drawing.measure()
    print(
        f"| six shots in a batch, seconds, against six pipeline calls | {drawn.ours_s:.1f} | "
        f"{drawn.plain_s:.1f} (fastest arithmetic {drawn.plain_fast_s:.1f}) | {drawn.ratio:.2f}× "
        f"({drawn.ratio_fast:.2f}×) | 1.3× |",
        flush=True,
    )
    judged = qc.measure()
    print(
        f"| QC of {qc.TAKES} takes against {qc.REFERENCES} references, seconds, against verify | "
        f"{judged.ours_s:.1f} | {judged.verify_s:.1f} | {judged.ratio:.1f}× | 10× |",
        flush=True,
    )
    talked = chat.measure()
    print(
        f"| message to first word, offline director, seconds | {talked.first_token_s:.3f} | | | 0.3 |\n"
        f"| a sentence read by the offline director, ms | {talked.reading_ms:.1f} | | | 50 |\n"
        f"| a tool call of the chat, ms, beside a bare loop | {talked.ours_ms:.1f} | "
        f"{talked.bare_ms:.1f} | +{talked.added_ms:.1f} | +50 |",
        flush=True,
    )
    _board_row()
    worst = max(each.off for each in memory.measure())
    print(
        f"| worst memory plan against the real configuration | {worst:.0%} off | | | "
        f"{memory.WANTED:.0%} |",
        flush=True,
    )
    print()
    seen, fast_s, thorough_s = detection.look()
    print(detection.detection_table(seen))
    print(f"\nseconds a picture: {fast_s:.2f} fast, {thorough_s:.2f} where the thorough one runs")


def _board_row() -> None:
    what = "board of 500 takes, seconds until usable"
    if not Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).is_file():
        print(f"| {what} | not measured: run `make test-browser` first | | | 1.5 |", flush=True)
        return
    from bench import board

    seen = board.measure()
    print(
        f"| {what} (first visit) | {seen.usable_s:.2f} ({seen.first_s:.2f}) | | | 1.5 |", flush=True
    )


if __name__ == "__main__":
    main()
