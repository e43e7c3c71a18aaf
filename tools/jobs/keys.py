"""The key that makes two requests the same job.

Knows canonical JSON; must not know what a job does.
"""

from __future__ import annotations

from hashlib import sha256

from pydantic import BaseModel

from tools.store.model import canonical_json


def job_key(kind: str, payload: BaseModel) -> str:
    """Return the SHA-256 of a kind and its typed input, in hexadecimal.

    A payload names files by digest, never by path, so that the key is the same on every machine. A
    handler whose meaning changes gets another kind (`train/2`), or old results are returned.
    """
    return sha256(f"{kind}\n{canonical_json(payload)}".encode()).hexdigest()
