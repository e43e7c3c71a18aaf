"""Every benchmark as one table: `make bench`, or `python -m bench`.

Each row is a ratio of two ways of doing the same in one run on this machine, beside its goal. Leave
the machine alone while it runs.
"""

from __future__ import annotations

from bench import detection, drawing, qc, training


def main() -> None:
    """Print the table, then how many faces are found by framing and view."""
    print("| what | ours | other | ratio | goal |\n| --- | --- | --- | --- | --- |")
    learned = training.measure()
    print(
        f"| LoRA training, samples/s, against a plain loop | {learned.ours:.2f} | "
        f"{learned.plain:.2f} | {learned.ratio:.2f}× | 2× |",
        flush=True,
    )
    drawn = drawing.measure()
    print(
        f"| six shots in a batch, seconds, against six pipeline calls | {drawn.ours_s:.1f} | "
        f"{drawn.plain_s:.1f} (bf16 {drawn.plain_bf16_s:.1f}) | {drawn.ratio:.2f}× "
        f"(bf16 {drawn.ratio_bf16:.2f}×) | 1.3× |",
        flush=True,
    )
    judged = qc.measure()
    print(
        f"| QC of {qc.TAKES} takes against {qc.REFERENCES} references, seconds, against verify | "
        f"{judged.ours_s:.1f} | {judged.verify_s:.1f} | {judged.ratio:.1f}× | 10× |\n",
        flush=True,
    )
    seen, fast_s, thorough_s = detection.look()
    print(detection.detection_table(seen))
    print(f"\nseconds a picture: {fast_s:.2f} fast, {thorough_s:.2f} where the thorough one runs")


if __name__ == "__main__":
    main()
