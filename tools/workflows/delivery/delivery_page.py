"""A delivery's report as one HTML page that opens from the folder, without scripts or other files."""

from __future__ import annotations

from html import escape

from tools.contracts.delivery import DeliveredTake, DeliveryReport

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c1c1e; }}
section {{ border-top: 1px solid #bebec0; padding: 1rem 0; }}
img {{ max-width: 100%; background: #000; }}
dt {{ font-weight: bold; }}
dd {{ margin: 0 0 .4rem 0; overflow-wrap: anywhere; }}
</style>
<h1>{title}</h1>
<p>{count}. Frame {ratio}. Style: {style}. Every picture is AI-generated ({source}) and says so in its
metadata. The files' SHA-256 are in manifest.json.</p>
{takes}
</html>
"""
_TAKE = """<section>
<h2>{take}</h2>
<img src="{file}" alt="{alt}" width="{width}" height="{height}">
<dl>
{rows}
</dl>
</section>"""


def delivery_page(report: DeliveryReport) -> str:
    """Return the page; every word in it is escaped."""
    count = "1 take" if len(report.takes) == 1 else f"{len(report.takes)} takes"
    return _PAGE.format(
        title=escape(f"{report.production}, delivery {report.stamp}"),
        count=count,
        ratio=escape(report.aspect_ratio),
        style=escape(report.style or "none locked"),
        source=escape(report.digital_source_type),
        takes="\n".join(_section(take) for take in report.takes),
    )


def _section(take: DeliveredTake) -> str:
    rows = "\n".join(
        f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in _facts(take)
    )
    width, height = take.frame_size
    return _TAKE.format(
        take=escape(take.take),
        file=escape(take.file),
        alt=escape(f"{take.take}: {take.character}"),
        width=width,
        height=height,
        rows=rows,
    )


def _facts(take: DeliveredTake) -> list[tuple[str, str]]:
    verdict = take.verdict
    own = "no single readable face" if verdict.csfd_own is None else f"{verdict.csfd_own:.4f}"
    drawn = f"{take.base or 'unknown base'}, " + (
        f"LoRA v{take.lora_version}" if take.lora_version else "without LoRA"
    )
    facts = [
        ("File", take.file),
        ("Character", take.character),
        ("Released by", "pick" if take.picked else "QC"),
        ("QC", f"{verdict.outcome.value}: {'; '.join(verdict.reasons)}"),
        ("Distance (CSFD)", f"{own}; threshold {take.threshold:.4f} ({take.threshold_origin})"),
        ("Drawn with", f"{drawn}, seed {take.seed}"),
        ("Prompt", take.prompt),
    ]
    return [*facts, ("Note", take.note)] if take.note else facts
