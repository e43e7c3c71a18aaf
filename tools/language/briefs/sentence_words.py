"""The words of one sentence, and which of them are already given to a slot.

Knows what is taken and how words become a phrase again; must not know slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.language.briefs.lexicon import CharacterLexicon
from tools.language.words import Word, join_words


@dataclass
class SentenceWords:
    """One sentence while its words are being given to slots."""

    words: list[Word]
    lexicon: CharacterLexicon
    taken: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with every word free."""
        self.taken = self.taken or [False] * len(self.words)

    def free_runs(self) -> list[str]:
        """Return what no slot took, as contiguous phrases trimmed of connective words."""
        runs: list[str] = []
        run: list[str] = []
        for index, word in enumerate(self.words):
            if self.taken[index] or word.is_mark:
                runs, run = [*runs, join_words(self._trimmed(run))], []
            else:
                run.append(word.text)
        runs.append(join_words(self._trimmed(run)))
        return [text for text in runs if text]

    def take(self, first: int, last: int) -> str:
        """Mark words as taken and return them as a phrase, connective words trimmed."""
        kept = [
            self._plain(word)
            for index, word in enumerate(self.words[first:last], start=first)
            if not (self.taken[index] or word.is_mark)
        ]
        for index in range(first, last):
            self.taken[index] = True
        return join_words(self._trimmed(kept))

    def _plain(self, word: Word) -> str:
        """Write a word small unless it may be a proper name: `White coat`, but `Kodak`."""
        return word.lower if self.lexicon.knows(word.lower) or word.text.isupper() else word.text

    def _trimmed(self, words: list[str]) -> list[str]:
        stop = self.lexicon.stop
        while words and words[0].lower() in stop:
            words = words[1:]
        while words and words[-1].lower() in stop:
            words = words[:-1]
        return words

    def free_words_at(self, index: int, length: int) -> tuple[str, ...]:
        """Return so many words from an index in small letters, or nothing when one is taken."""
        if index + length > len(self.words) or any(self.taken[index : index + length]):
            return ()
        return tuple(word.lower for word in self.words[index : index + length])
