"""Every error that Samecast raises on purpose, in one tree.

    SamecastError
    ├── FixableError            the person (or the model) can mend the request; exit code 2
    │   ├── BadInput            a file, word or number that cannot be used
    │   ├── BadPicture          a picture file that cannot be read or must not be opened
    │   ├── UnknownName         a character, base, version or job that does not exist
    │   ├── AnchorMissing       an image prompt that does not close with its SAME anchor
    │   └── Refused             a check said no, with the offending items; exit code 3
    └── FailedError             a part of the studio failed; retrying the same call may help; exit code 1
        ├── BaseUnavailable     a base's weights are not installed or not complete
        ├── TrainingFailed      a run that diverged or cannot go on
        ├── StorageFailed       disk full, database locked or damaged
        └── Cancelled           the person cancelled; what was done is kept

Bugs are in neither family: they propagate. Messages say what was expected and what to do.
"""

from __future__ import annotations


class SamecastError(Exception):
    """Base of all errors raised on purpose."""

    exit_code = 1


class FixableError(SamecastError):
    """The request can be mended by the one who made it."""

    exit_code = 2


class BadInput(FixableError):
    """A value, file or folder that cannot be used as given."""


class BadPicture(BadInput):
    """A picture that cannot be read: truncated, too large, not an image."""


class UnknownName(FixableError):
    """A name that stands for nothing in this studio."""


class AnchorMissing(FixableError):
    """An image prompt that does not close with the SAME anchor of its cast."""


class Refused(FixableError):
    """A check said no; the message names the offending items."""

    exit_code = 3


class FailedError(SamecastError):
    """A service or resource failed; the request itself was fine."""


class BaseUnavailable(FailedError):
    """The weights of a base are missing or incomplete."""


class TrainingFailed(FailedError):
    """Training diverged or its state cannot be used; the last good checkpoint is named."""


class StorageFailed(FailedError):
    """The disk or the database did not take a write; nothing was left half-written."""


class Cancelled(FailedError):
    """Cancelled by a person; finished work and checkpoints are kept."""
