"""What the slots of a picture left: what is done or seen, and single words that are neither.

Knows connecting words; must not know which slot took what.
"""

from __future__ import annotations

import re

from tools.language.lexicon import character_lexicon
from tools.language.picture.phrases import either
from tools.language.picture.setting import acts, setting_words
from tools.language.text import NAME_MARK, TAKEN, Text, words_of

_GAP = re.compile(rf"[{TAKEN},;:\s]*{TAKEN}[{TAKEN},;:\s]*")
_NAMES = re.compile(rf"{NAME_MARK}+(?:'s)?")


def action_of(text: Text) -> tuple[str, list[str]]:
    """Return what the slots left, parted into what is done or seen and single words that are neither."""
    small = _NAMES.sub(lambda match: TAKEN * len(match.group()), text.small)
    done: list[str] = []
    left: list[str] = []
    at = 0
    for gap in [*_GAP.finditer(small), None]:
        end = gap.start() if gap else len(small)
        part = _stripped(text.text[at:end], small[at:end])
        if any(letter.isalnum() for letter in part) and not part.isdigit():
            (done if _says_something_done(part) else left).append(part)
        at = gap.end() if gap else at
    return ", ".join(done), left


def _says_something_done(part: str) -> bool:
    words = [word for word in words_of(part) if not word.is_mark]
    return len(words) > 1 or acts(part.lower())


def _stripped(text: str, small: str) -> str:
    """Return words without connecting words at their ends; empty when they only say who is seen."""
    words = setting_words()
    lead = re.match(rf"(?:[\s,;:.-]|{either(words.action_leads)}\b)+", small)
    start = _with_owner(lead.group() if lead else "", small)
    tail = re.search(rf"(?:[\s,;:.-]|\b{either(words.action_tails)}\b)+$", small[start:])
    said = text[start : start + tail.start() if tail else len(text)].strip(' ,;:.-"')
    stop = character_lexicon().stop
    meaning = [word.lower for word in words_of(said) if word.lower not in stop or acts(word.lower)]
    return said if any(word not in words.subject_only for word in meaning) else ""


def _with_owner(lead: str, small: str) -> int:
    """Return where words begin behind what leads to them; `her hand` keeps its owner, `her reading` not."""
    following = small[len(lead) :].split(" ")[0]
    owner = re.search(r"(?:her|his|their)\s+$", lead)
    is_part = following in setting_words().place.parts
    keeps = bool(following) and (is_part or not acts(following))
    return owner.start() if owner and keeps else len(lead)
