"""What is asked of the studio as a whole: cancel, cost, add_base, deliver, set_style.

One function a tool; each returns None when the clause asks for something else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.offline.calls import Call, Reading
from agent.offline.clause import Clause
from agent.offline.patterns import NAME_MARK, expanded, intent_words, said
from agent.offline.room import Room
from agent.offline.slates import scene_in, slates_in
from tools.errors import BadInput
from tools.language.style import parse_style

_BASES = {
    "sdxl": ("sdxl", "sd-xl", "sd xl"),
    "flux-schnell": ("flux", "flux-schnell", "flux-1-schnell"),
    "maquette": ("maquette",),
}
_RATIOS = {
    "scope": "2.39:1",
    "flat": "1.85:1",
    "wide": "16:9",
    "tall": "9:16",
    "portrait": "4:5",
    "square": "1:1",
}
_STYLE_SLOTS = ("film_stock", "palette", "lens_family")


def read_cancel(clause: Clause, room: Room) -> Reading | None:
    """Understand `cancel`: "stop the training", "abort everything"."""
    match = said("cancel", "command", clause.low)
    if match is None or not _means_work(clause, room):
        return None
    kinds = ("cast", "references", "train", "shoot")
    what = next((kind for kind in kinds if said("cancel", kind, match.group("what"))), None)
    return Reading(Call.of("cancel", {"what": what}))


def _means_work(clause: Clause, room: Room) -> bool:
    if said("cancel", "strong", clause.low):
        return True
    words = {"it", "that", "this", "everything", "all"}
    return bool(room.studio.jobs) and set(clause.low.split()[1:]) <= words


def read_cost(clause: Clause, room: Room) -> Reading | None:
    """Understand `cost`: "what have we spent?", "how long did the training take?"."""
    del room
    return Reading(Call("cost")) if said("cost", "command", clause.low) else None


def read_add_base(clause: Clause, room: Room) -> Reading | None:
    """Understand `add_base`: "install SDXL"; asks which when no base is named."""
    del room
    if not said("add_base", "command", clause.low):
        return None
    known = said("add_base", "known", clause.low)
    if known:
        return Reading(Call("add_base", {"base": _base(known.group("base"))}))
    means_base = said("add_base", "base", clause.low)
    if not (means_base or said("add_base", "strong", clause.low)):
        return None
    named = said("add_base", "name", clause.low)
    if named and not said("add_base", "none", named.group("base")):
        return Reading(Call("add_base", {"base": _base(named.group("base"))}))
    if not means_base or NAME_MARK in clause.low:
        return None
    question = f"Which base shall I install: {', '.join(_BASES)} or another by its name?"
    return Reading(Call("add_base"), "base", question, tuple(_BASES))


def base_name(words: str) -> str:
    """Write a base's name as the base table does: small letters, blanks as hyphens."""
    return _base(" ".join(words.lower().split()))


def _base(said_name: str) -> str:
    slug = re.sub(r"[^a-z0-9._-]+", "-", said_name).strip("-._")
    return next((name for name, others in _BASES.items() if slug in others), slug)


def read_deliver(clause: Clause, room: Room) -> Reading | None:
    """Understand `deliver`: "deliver 12A and 12B", "export the picks of scene 3"."""
    if not said("deliver", "command", clause.low):
        return None
    slates = slates_in(clause).slates
    scene = scene_in(clause)
    if not slates and scene is not None:
        picked = [shot for shot in room.shots if shot.picked]
        slates = tuple(shot.slate for shot in picked if _scene_of(shot.slate) == scene)
        if not slates:
            return _no_pick(scene)
    return Reading(Call.of("deliver", {"slates": list(slates) or None}))


def _scene_of(slate: str) -> int:
    return int(re.sub(r"\D", "", slate))


def _no_pick(scene: int) -> Reading:
    question = f"Nothing of scene {scene} is picked yet; which slates shall I deliver?"
    return Reading(Call("deliver"), "slates", question)


def read_set_style(clause: Clause, room: Room) -> Reading | None:
    """Understand `set_style`: "lock the style: Kodak Portra, muted", "make it scope"."""
    if re.match(r"(?:what|which|how|why|did|do|does|is|are)\b", clause.low):
        return None
    ratio = said("set_style", "ratio", clause.low)
    asks_ratio = ratio and said("set_style", "ratio_command", clause.low)
    style = _style_words(clause, room, bool(ratio))
    if style is None and not asks_ratio:
        return None
    if asks_ratio and slates_in(clause).slates:
        return None
    name = next((key for key, value in ratio.groupdict().items() if value), "") if ratio else ""
    args = {"style": style or None, "aspect_ratio": _RATIOS.get(name)}
    if any(args.values()):
        return Reading(Call.of("set_style", args))
    question = "What is the style: film stock, palette, lenses, tone, or an aspect ratio?"
    return Reading(Call("set_style"), "style", question)


def _style_words(clause: Clause, room: Room, has_ratio: bool) -> str | None:
    """Return the style's words, empty when a style was asked for without any; None when not."""
    del room
    explicit = said("set_style", "explicit", clause.low)
    of_scene = scene_in(clause) is not None
    describes_shot = bool(NAME_MARK in clause.low or slates_in(clause).slates or of_scene)
    if of_scene or (describes_shot and not said("set_style", "command", clause.low)):
        return None
    rest = without_ratio(clause) if has_ratio else clause
    command = said("set_style", "command", rest.low)
    words = rest.part(command.end()) if command else rest
    refuses = said("reject", "command", clause.low) or said("reject", "again", clause.low)
    tells = refuses or (not command and re.search(expanded(r"\b{wrong}\b"), clause.low))
    if explicit or _speaks_of_style(words.text, describes_shot or bool(tells)):
        return style_text(words)
    return None


def style_text(words: Clause) -> str:
    """Return a style's words without connecting words at their ends."""
    low = re.sub(r"(?:[\s,;:-]|\b(?:and|in|with|on|at|a|the)\b)+$", "", words.low)
    lead = re.match(r"(?:(?:and|in|on|with|to|be|a|an|the|it|is|of|as|shot|like|:)\b[\s,:]*)*", low)
    return words.part(lead.end() if lead else 0, len(low)).text


def _speaks_of_style(text: str, doubtful: bool) -> bool:
    if not text or doubtful:
        return False
    try:
        style = parse_style(text[:2000])
    except BadInput:
        return False
    return any(getattr(style, slot) for slot in _STYLE_SLOTS)


def without_ratio(clause: Clause) -> Clause:
    """Return a clause less the words of the aspect ratio."""
    match = _ratio_phrase().search(clause.low)
    return clause.without(match.span()) if match else clause


@lru_cache(maxsize=1)
def _ratio_phrase() -> re.Pattern[str]:
    words = intent_words().tools["set_style"]
    ratio = "|".join(re.sub(r"\(\?P<\w+>", "(?:", each) for each in words["ratio"])
    return re.compile(expanded(words["ratio_words"][0]).replace("RATIO", ratio))
