"""What somebody does, cut out of a clause as one contiguous phrase.

Knows subjects, settings and the length of a phrase; must not know framings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.language.lexicon import character_lexicon
from tools.language.scenes.unknown_people import name_pattern
from tools.language.scenes.whereabouts import without_setting
from tools.language.text import words_of

LONGEST_PHRASE = 300
_LEAD = r"(?:[^,]{1,60},\s+)?(?:(?:and|but|then|now|so|when|as|while|finally|suddenly|[A-Za-z]+ly|okay)\s+)*"
_PRONOUN = re.compile(
    r"^(?:[\w'-]+,?\s+){0,8}?(?:she|he|they|both)\b\s*(?:both\s+|just\s+)?", re.IGNORECASE
)
_APPOSITIVE = re.compile(
    r"^\s*(?:\([^()]*\)\s*)*(?:in (?:the|her|his|their) [\w' -]{1,50}? look\b\s*)?(?:,\s+)?"
)
_DANGLING = re.compile(
    r"(?:\s+(?:a|an|the|to|at|with|for|of|by|from|on|in|and|her|his|their|past|behind|beside|towards?))+$",
    re.IGNORECASE,
)


def predicate_of(clause: str, names: Sequence[str], *, elided: bool) -> str:
    """Return a clause without its subject; the subject's name must be at its start."""
    if elided:
        return clause
    pronoun = _PRONOUN.match(clause)
    if pronoun:
        return clause[pronoun.end() :]
    subjects = "|".join(name_pattern(name).pattern for name in names)
    if not subjects:
        return clause
    both = rf"(?:{subjects})(?!'s)(?:(?:,|,? and|\s*&)\s+(?:{subjects}))*"
    match = re.match(rf"^{_LEAD}{both}", clause)
    if match is None:
        return clause
    rest = clause[match.end() :]
    lead = _APPOSITIVE.match(rest)
    return rest[lead.end() :] if lead else rest


def action_phrase(words: str) -> str | None:
    """Return an action without the place and light at its end; None when nothing is done.

    At most 300 characters, cut between words.
    """
    phrase = clipped(without_setting(words))
    stop = character_lexicon().stop
    content = [word for word in words_of(phrase) if not word.is_mark and word.lower not in stop]
    return phrase if content else None


def before_stranger(words: str, at: int) -> str:
    """Cut an action before the words that bring in somebody who is not in the cast."""
    return _DANGLING.sub("", words[:at].rstrip(" ,;:"))


def clipped(words: str) -> str:
    """Return words trimmed of marks at both ends, at most 300 characters, cut between words."""
    text = words.strip(" \n,;:.!?-")
    if len(text) <= LONGEST_PHRASE:
        return text
    return text[:LONGEST_PHRASE].rsplit(" ", 1)[0].strip(" ,;:.!?-")
