"""Lenses as directors say them: `85mm`, `on a 35`, `a long lens`, `shot on anamorphic`.

Knows how a focal length is said; must not know what is seen through it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Pattern

from tools.language.picture.camera import MeantPhrase, camera_words, is_guarded, said_at
from tools.language.picture.phrases import either, whole


def lenses_in(small: str) -> list[MeantPhrase]:
    """Find lenses, in millimetres or in words; the meaning is the phrase itself."""
    found: list[MeantPhrase] = []
    for pattern in _lens_patterns():
        for match in pattern.finditer(small):
            lens = match["lens"]
            words = _in_millimetres(lens)
            said = said_at(words, match, small)
            free = all(said.end <= each.start or said.start >= each.end for each in found)
            if free and not is_guarded(
                MeantPhrase(words, lens, match.start("lens"), match.end("lens")), small
            ):
                found.append(said)
    return sorted(found, key=lambda said: said.start)


def _in_millimetres(lens: str) -> str:
    """Write a plain focal length in one way: `50 mm lens`, `50 millimetres` and a bare `50` are `50mm`."""
    plain = re.fullmatch(r"(\d{2,3}(?:-\d{2,3})?) ?(?:mm|millimet(?:er|re)s?)?(?: lens)?", lens)
    return f"{plain[1]}mm" if plain else lens


@lru_cache(maxsize=1)
def _lens_patterns() -> tuple[Pattern[str], ...]:
    words = camera_words()
    leads, kinds = either(words.lens_leads), either(words.lens_kinds)
    lead = rf"(?:(?<![\w'-]){leads} )*"
    led = either(words.length_leads)
    lengths = "|".join(map(str, sorted(words.lengths, reverse=True)))
    millimetres = rf"\d{{2,3}}(?:-\d{{2,3}})? ?(?:mm|millimet(?:er|re)s?)(?: {kinds})*"
    stop = r"(?: at f ?/?\d{1,2}(?:\.\d)?)?"
    sources = (
        (rf"{lead}(?<!\w)(?P<lens>{millimetres}){stop}(?![\w-])"),
        (rf"{lead}(?P<lens>{whole(either(words.lenses))})"),
        (
            rf"(?<![\w'-])(?:on|with|through|using) (?:an? )?(?P<lens>{whole(either(words.lenses_led))})"
        ),
        (
            rf"(?<![\w'-]){led} (?:(?:an?|the|our) )?(?P<lens>(?P<length>{lengths}))\b"
            rf"(?![-%/])(?! ?{either(words.lengths_not_before)}\b)"
        ),
        (rf"(?:(?<=, )|(?<=^))(?P<lens>{lengths})(?=\s*(?:,|$))"),
    )
    return tuple(re.compile(source) for source in sources)
