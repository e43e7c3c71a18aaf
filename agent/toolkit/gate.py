"""`gate`: may the newest reference set be trained on?"""

from __future__ import annotations

import re
from pathlib import Path

from agent.answer import Answer
from agent.context import ChatContext
from agent.toolkit.common import (
    base_name,
    character_of,
    listed,
    references_of,
    settle,
)
from agent.toolkit.set_pictures import set_pictures, show_references
from agent.toolkit.tool import ChatTool
from tools.contracts.model import Contract, Name
from tools.contracts.progress import ProgressSink
from tools.contracts.sets import GateRequest
from tools.contracts.verdicts import GateImage, GateReport, Outcome
from tools.jobs.local_worker import read_result
from tools.language.text import plural
from tools.qc.gate import MINIMUM
from tools.store.reference_set import Origin
from tools.workflows.bases.calibrations import calibration_name
from tools.workflows.kinds import Kind
from tools.workflows.people.characters import LoadedCharacter
from tools.workflows.sets.review.set_review import StoredSet, wardrobe_of


class Gate(Contract):
    """Ask the identity gate about the newest reference set."""

    character: Name


def gate(arguments: Gate, context: ChatContext, watch: ProgressSink) -> Answer:
    """Ask the gate and wait for its answer.

    Raises:
        Refused: there is no set.
    """
    character = character_of(context, arguments.character)
    found = references_of(context, character)
    report = ask_gate(context, character, found, watch)
    found = references_of(context, character)
    pictures = set_pictures(found)
    show_references(context, character.name, pictures)
    passed = report.verdict is Outcome.PASS
    said = [
        f"The gate {'passes' if passed else 'refuses'} reference set v{found.row.version} of "
        f"{character.name}: {_numbers(report)}."
    ]
    said += _offending(report)
    wardrobe = wardrobe_of(context.services, found, base_name(context))
    said.append(f"{_capital(wardrobe.words)}." if wardrobe else "")
    said.append("Next: train." if passed else _remedy(report, found))
    return Answer(text=" ".join(part for part in said if part), pictures=pictures)


def ask_gate(
    context: ChatContext, character: LoadedCharacter, found: StoredSet, watch: ProgressSink
) -> GateReport:
    """Have a set judged, or take the word that was given on these very images."""
    request = GateRequest(
        reference_set_id=found.row.id,
        calibration=calibration_name(context.services, base_name(context), character.brief),
        dropped=found.dropped,
    )
    return read_result(settle(context, Kind.GATE, request, watch).job, GateReport)


def _numbers(report: GateReport) -> str:
    count, threshold = plural(len(report.images), "image"), f"threshold {report.threshold:.3f}"
    if report.csfd_mean is None or report.csfd_worst is None:
        return f"{count}, no distance could be measured, {threshold}"
    return (
        f"{count}, mean distance {report.csfd_mean:.3f}, worst {report.csfd_worst:.3f}"
        f"{_worst_image(report)}, {threshold}"
    )


def _worst_image(report: GateReport) -> str:
    at = next((image for image in report.images if image.csfd == report.csfd_worst), None)
    return f" (image {_position(at)})" if at is not None else ""


def _position(image: GateImage) -> int:
    """The gate names images of a stored set by their position."""
    return int(Path(image.file).stem)


def _offending(report: GateReport) -> list[str]:
    """Why it refuses: the set as a whole first, then the images that this has not named."""
    reasons = [f"{_by_number(reason)}." for reason in report.reasons]
    named = {file for group in report.groups[1:] for file in group}
    refused = [image for image in _refused(report) if image.file not in named]
    reasons += [f"Image {_position(image)}: {_by_number(image.reason)}." for image in refused]
    review = [str(_position(image)) for image in report.images if image.verdict is Outcome.REVIEW]
    if review:
        reasons.append(f"Worth a look: {listed(review)}.")
    return reasons


def _refused(report: GateReport) -> list[GateImage]:
    return [image for image in report.images if image.verdict is Outcome.REJECT]


def _by_number(reason: str) -> str:
    """Name images as the director does: `4` for `04.png`."""
    return _capital(re.sub(r"\b0*(\d+)\.png\b", r"\1", reason))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _remedy(report: GateReport, found: StoredSet) -> str:
    """What to do about a refusal."""
    refused = [str(_position(image)) for image in _refused(report)]
    if found.row.origin is Origin.PHOTOS:
        again = "bring more or better photos"
    elif refused:
        again = f"build references again: others are drawn in place of {listed(refused)}"
    else:
        again = "build references again, or choose another face"
    left = len(report.images) - len(refused)
    if refused and left >= MINIMUM:
        return f"Drop {listed(refused)} and ask the gate again, or {again}."
    return f"To mend it, {again}."


TOOL = ChatTool("gate", Gate, gate)
