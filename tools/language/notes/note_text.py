"""A note while its words are being given to the fields of a shot.

Knows which words are taken, which are denied, and where the note's pieces end; must not know fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.language.notes.note_rules import note_rules
from tools.language.scenes.camera_words import any_of
from tools.language.text import words_of

_PIECE_END = re.compile(
    r"[,.;!?:]+|\s+(?:and|but|instead of|rather than)\s+(?!shoulders\b)|\s+(?=not\s)", re.IGNORECASE
)
_DENIED = re.compile(
    r"(?:^|\s)(?:not|no|never|without|isn't|shouldn't|don't|wasn't|instead of|rather than)\s",
    re.IGNORECASE,
)


@dataclass
class NoteText:
    """The words of a note and which of them are taken."""

    text: str
    taken: list[tuple[int, int]] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    """Words that were understood and change nothing, because it is so already."""

    def take(self, start: int, end: int) -> None:
        """Mark words as understood."""
        self.taken.append((start, end))

    def is_free(self, start: int, end: int) -> bool:
        """Say whether none of these words are taken."""
        return all(end <= begin or start >= last for begin, last in self.taken)

    def find(self, phrases: tuple[str, ...], *, denied_too: bool = False) -> re.Match[str] | None:
        """Return the first of these phrases that is free and not denied."""
        for match in any_of(phrases).finditer(self.text):
            if self.is_free(match.start(), match.end()) and (
                denied_too or not self.is_denied(match.start())
            ):
                return match
        return None

    def is_denied(self, start: int) -> bool:
        """Say whether `not`, `no` or `without` stands before a word in its piece of the note."""
        begin, _ = self.piece_at(start)
        joint = self.text[max(0, begin - 12) : begin].lower()
        before = self.text[begin:start] + " "
        return bool(_DENIED.search(before)) or joint.rstrip().endswith(
            ("instead of", "rather than")
        )

    def piece_at(self, position: int) -> tuple[int, int]:
        """Return where the piece of the note that holds a position begins and ends."""
        for start, end in self.pieces():
            if start <= position < end:
                return start, end
        return 0, len(self.text)

    def pieces(self) -> list[tuple[int, int]]:
        """Return the note's pieces between commas, stops and conjunctions."""
        spans: list[tuple[int, int]] = []
        start = 0
        for match in _PIECE_END.finditer(self.text):
            spans.append((start, match.start()))
            start = match.end()
        spans.append((start, len(self.text)))
        return [(start, end) for start, end in spans if end > start]

    def left(self, start: int, end: int) -> str:
        """Return what is not taken in a piece, taken words as gaps."""
        letters = list(self.text[start:end])
        for begin, last in self.taken:
            for index in range(max(begin, start), min(last, end)):
                letters[index - start] = "\n"
        return "".join(letters)

    def unused(self) -> list[str]:
        """Return the pieces that nothing was done with, without words that say nothing."""
        filler = note_rules().filler
        found: list[str] = []
        for start, end in self.pieces():
            runs = [run.strip(" -'\"") for run in self.left(start, end).split("\n")]
            found += [
                run
                for run in runs
                if any(
                    word.lower not in filler and word.lower.removesuffix("'s") not in filler
                    for word in words_of(run)
                    if not word.is_mark
                )
            ]
        return [*self.idle, *found]
