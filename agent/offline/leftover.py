"""Words of a command that went into no call: nothing is dropped without saying so.

Only for tools whose arguments hold no words of the director; what such a tool's own patterns know, and
words that say nothing by themselves, are not reported.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.offline.calls import Call
from agent.offline.clause import Clause
from agent.offline.patterns import intent_words
from agent.offline.room import Room
from agent.offline.slates import framed_in, slates_in
from tools.language.lexicon import character_lexicon

_CHECKED = frozenset(
    {
        "shoot",
        "cast",
        "build_references",
        "train",
        "choose_version",
        "deliver",
        "show_takes",
        "gate",
    }
)
_WORD = re.compile(r"[a-z][a-z']+")
_NOT_OF_SLATES = frozenset({"before_framing", "header", "order"})


def left_out(call: Call, clause: Clause, room: Room) -> str | None:
    """Return the words of a clause, as said, that neither its call nor its tool's patterns hold.

    Args:
        call: what the clause was understood as.
        clause: what was said.
        room: where; the framings of its shots name them.
    """
    if call.tool not in _CHECKED or "shots" in call.args:
        return None
    spans = (*slates_in(clause).spans, *framed_in(clause, room).spans)
    rest = clause.without(*spans)
    known = _known_words(call.tool)
    unknown = [
        match
        for match in _WORD.finditer(rest.low)
        if not {match.group(), match.group().removesuffix("s"), match.group().partition("'")[0]}
        & known
    ]
    if not unknown:
        return None
    return rest.part(unknown[0].start(), unknown[-1].end()).text


@lru_cache(maxsize=32)
def _known_words(tool: str) -> frozenset[str]:
    words = intent_words()
    groups = words.tools[tool].items()
    sources = [each for name, group in groups if name not in _NOT_OF_SLATES for each in group]
    sources += [*words.polite_start, *words.polite_end, *words.short.values(), *words.fillers]
    plain = (re.sub(r"\\[a-zA-Z]|\(\?P<\w+>", " ", source).lower() for source in sources)
    found = {word for source in plain for word in _WORD.findall(source.replace("?", ""))}
    return frozenset(found | {word.removesuffix("s") for word in found} | character_lexicon().stop)
