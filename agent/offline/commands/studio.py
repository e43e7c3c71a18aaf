"""What is asked of the studio as a whole: status, cost, cancel, add_base, deliver, set_style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from agent.offline.calls import Call, Reading
from agent.offline.commands.base import Command
from agent.offline.commands.picks import RejectWords
from agent.offline.dialogue_state import DialogueState, mentioned
from agent.offline.patterns import Block, Groups, Patterns
from agent.offline.references import scene_in, slates_of_scene
from tools.errors import BadInput
from tools.language.slate import slates_in
from tools.language.style import parse_style
from tools.language.text import NAME_MARK, Text

_RATIOS = {
    "scope": "2.39:1",
    "flat": "1.85:1",
    "wide": "16:9",
    "tall": "9:16",
    "portrait": "4:5",
    "square": "1:1",
}
_STYLE_SLOTS = ("film_stock", "palette", "lens_family")


@dataclass(frozen=True)
class StatusWords(Block, block="status", file="commands/studio.yaml"):
    """How one asks how things stand."""

    command: Patterns
    nouns: Patterns


@dataclass(frozen=True)
class CostWords(Block, block="cost", file="commands/studio.yaml"):
    """How one asks for money and time."""

    command: Patterns
    nouns: Patterns


@dataclass(frozen=True)
class CancelWords(Block, block="cancel", file="commands/studio.yaml"):
    """How work is stopped; a group a kind of work."""

    command: Annotated[Patterns, Groups(("what",))]
    strong: Patterns
    bare: Patterns
    cast: Patterns
    references: Patterns
    train: Patterns
    shoot: Patterns
    base: Patterns


@dataclass(frozen=True)
class BaseWords(Block, block="add_base", file="commands/studio.yaml"):
    """How a base is asked for."""

    command: Patterns
    base: Patterns
    strong: Patterns
    known: Annotated[Patterns, Groups(("base",))]
    name: Annotated[Patterns, Groups(("base",))]
    none: Patterns
    points: Patterns
    """Names no base itself: `install it`."""
    sdxl: Patterns
    schnell: Patterns
    klein: Patterns
    no_letter: Patterns
    noise: Patterns
    is_name: Patterns


@dataclass(frozen=True)
class DeliverWords(Block, block="deliver", file="commands/studio.yaml"):
    """How files are asked for."""

    command: Patterns
    all_but: Patterns
    """What is named is what stays behind."""
    nouns: Patterns


@dataclass(frozen=True)
class StyleCommandWords(Block, block="set_style", file="commands/studio.yaml"):
    """How the style and the aspect ratio are set."""

    ratio: Annotated[Patterns, Groups(tuple(_RATIOS))]
    ratio_command: Patterns
    ratio_words: Patterns
    command: Patterns
    explicit: Patterns
    asks: Patterns
    edge_before: Patterns
    edge_after: Patterns
    tells: Patterns
    """Says of something how it is, and so is no command."""
    stock: Patterns


def read_status(text: Text, state: DialogueState) -> Reading | None:
    """Understand `status`: "where are we with Lirien?"."""
    if not StatusWords.read().command.first(text.small):
        return None
    return Reading(Call.of("status", {"character": mentioned(text, state)}))


def read_cost(text: Text, _state: DialogueState) -> Reading | None:
    """Understand `cost`: "what have we spent?", "how long did the training take?"."""
    return Reading(Call("cost")) if CostWords.read().command.first(text.small) else None


def read_cancel(text: Text, state: DialogueState) -> Reading | None:
    """Understand `cancel`: "stop the training", "abort everything"."""
    words = CancelWords.read()
    match = words.command.first(text.small)
    means_work = words.strong.first(text.small) or (
        state.studio.jobs and words.bare.first(text.small)
    )
    if match is None or not means_work:
        return None
    kinds = {
        "cast": words.cast,
        "references": words.references,
        "train": words.train,
        "shoot": words.shoot,
        "base": words.base,
    }
    named = (kind for kind, said in kinds.items() if said.first(match.group("what")))
    return Reading(Call.of("cancel", {"what": next(named, None)}))


def read_add_base(text: Text, _state: DialogueState) -> Reading | None:
    """Understand `add_base`: "install SDXL"; asks which when no base is named."""
    words = BaseWords.read()
    if not words.command.first(text.small):
        return None
    known = words.known.first(text.small)
    if known:
        return Reading(Call("add_base", {"base": base_name(known.group("base"))}))
    means_base = words.base.first(text.small)
    if not (means_base or words.strong.first(text.small)):
        return None
    named = words.name.first(text.small)
    if named and not words.none.first(named.group("base")):
        return Reading(Call("add_base", {"base": base_name(named.group("base"))}))
    points_back = words.points.first(text.small)
    if not (means_base or points_back) or NAME_MARK in text.small:
        return None
    choices = ("sdxl", "flux-schnell", "maquette")
    question = f"Which base shall I install: {', '.join(choices)} or another by its name?"
    return Reading(Call("add_base"), "base", question, choices)


def base_name(said: str) -> str:
    """Write a base's name as the base table does: small letters, blanks as hyphens."""
    words, name = BaseWords.read(), said.lower().strip()
    for match in [*words.no_letter.all(name)][::-1]:
        name = f"{name[: match.start()]}-{name[match.end() :]}"
    name = name.strip("-._")
    if words.sdxl.first(name):
        return "sdxl"
    if words.klein.first(name):
        return "flux2-klein-4b"
    return "flux-schnell" if words.schnell.first(name) else name


def _more_base(reading: Reading, text: Text, _whole: Text, _state: DialogueState) -> Reading | None:
    known = BaseWords.read().known.first(text.small)
    named = base_name(known.group("base")) if known and reading.missing else None
    return Reading(reading.call.with_args(base=named)) if named else reading


def read_deliver(text: Text, state: DialogueState) -> Reading | None:
    """Understand `deliver`: "deliver 12A and 12B", "export the picks of scene 3", "all but 12A"."""
    words = DeliverWords.read()
    if not words.command.first(text.small):
        return None
    slates, scene = slates_in(text.small).slates, scene_in(text)
    if slates and words.all_but.first(text.small):
        others = [shot.slate for shot in state.shots if shot.picked and shot.slate not in slates]
        question = "" if others else "Nothing else is picked yet; which slates shall I deliver?"
        call = Call.of("deliver", {"slates": [*others] or None})
        return Reading(call, "" if others else "slates", question)
    if not slates and scene is not None:
        picked = {shot.slate for shot in state.shots if shot.picked}
        slates = tuple(slate for slate in slates_of_scene(scene, state) if slate in picked)
        if not slates:
            question = f"Nothing of scene {scene} is picked yet; which slates shall I deliver?"
            return Reading(Call("deliver"), "slates", question)
    return Reading(Call.of("deliver", {"slates": list(slates) or None}))


def read_set_style(text: Text, state: DialogueState) -> Reading | None:
    """Understand `set_style`: "lock the style: Kodak Portra, muted", "make it scope"."""
    words = StyleCommandWords.read()
    if words.asks.opens(text.small):
        return None
    ratio = words.ratio.first(text.small)
    asks_ratio = ratio and words.ratio_command.first(text.small)
    style = _style_said(text, state, bool(ratio))
    if style is None and not asks_ratio:
        return None
    if asks_ratio and _slates(text, state):
        return None
    name = next((key for key, value in ratio.groupdict().items() if value), "") if ratio else ""
    args = {"style": style or None, "aspect_ratio": _RATIOS.get(name)}
    if any(args.values()):
        return Reading(Call.of("set_style", args))
    question = "What is the style: film stock, palette, lenses, tone, or an aspect ratio?"
    return Reading(Call("set_style"), "style", question)


def _style_said(text: Text, state: DialogueState, has_ratio: bool) -> str | None:
    """Return the style's words, empty when a style was asked for without any; None when not."""
    words, of_scene = StyleCommandWords.read(), scene_in(text) is not None
    describes_shot = bool(text.names or _slates(text, state) or of_scene)
    if of_scene or (describes_shot and not words.command.first(text.small)):
        return None
    ratio = words.ratio_words.first(text.small) if has_ratio else None
    rest = text.without(ratio.span()) if ratio else text
    command = words.command.first(rest.small)
    said = rest.part(command.end()) if command else rest
    of_take = RejectWords.read().command.first(text.small) or RejectWords.read().again.first(
        text.small
    )
    tells = of_take or (not command and words.tells.first(text.small))
    if words.explicit.first(text.small) or _speaks_of_style(
        said.text, doubtful=describes_shot or bool(tells)
    ):
        return _without_edges(said)
    return None


def _slates(text: Text, state: DialogueState) -> bool:
    """Say whether shots are named; `250D` is film stock where there is no such shot."""
    return bool({shot.slate for shot in state.shots} & set(slates_in(text.small).slates))


def _without_edges(said: Text) -> str:
    """Return a style's words without connecting words at their ends."""
    tail = StyleCommandWords.read().edge_after.first(said.small)
    end = tail.start() if tail else len(said.small)
    lead = StyleCommandWords.read().edge_before.opens(said.small[:end])
    return said.part(lead.end() if lead else 0, end).text


def _speaks_of_style(text: str, *, doubtful: bool) -> bool:
    if not text or doubtful:
        return False
    if StyleCommandWords.read().stock.first(text.lower()):
        return True
    try:
        style = parse_style(text[:2000])
    except BadInput:
        return False
    return any(getattr(style, slot) for slot in _STYLE_SLOTS)


def _merged_style(earlier: Reading, later: Reading) -> Reading | None:
    apart = not set(earlier.call.args) & set(later.call.args)
    return earlier.with_args(**later.call.args) if apart and not earlier.missing else None


def _more_style(reading: Reading, text: Text, _whole: Text, state: DialogueState) -> Reading | None:
    """Add words that go on about the style: another stock, the tone, the ratio."""
    found = read_set_style(text, state)
    style, ratio = reading.call.args.get("style"), None
    more: str | None = text.text if _speaks_of_style(text.text, doubtful=False) else None
    if found is not None and not found.missing:
        ratio = found.call.args.get("aspect_ratio")
        more = str(found.call.args.get("style") or "") or None
    together = ", ".join(str(each) for each in (style, more) if each)
    if not more and not ratio:
        return reading
    found_args = {"style": together or None, **({"aspect_ratio": ratio} if ratio else {})}
    return Reading(reading.call.with_args(**found_args))


STATUS = Command("status", StatusWords, read_status, informs=True)
COST = Command("cost", CostWords, read_cost, informs=True)
CANCEL = Command("cancel", CancelWords, read_cancel)
ADD_BASE = Command("add_base", BaseWords, read_add_base, extends=_more_base)
DELIVER = Command("deliver", DeliverWords, read_deliver)
SET_STYLE = Command(
    "set_style", StyleCommandWords, read_set_style, extends=_more_style, merge=_merged_style
)
