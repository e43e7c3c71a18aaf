"""Which process holds a lease or a half-written file, and whether it still runs.

Knows /proc and signals; must not know what the process does.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessIdentity:
    """One process of one boot of one machine; a reused process number gives another identity."""

    machine: str
    pid: int
    started: str
    """Start in clock ticks since boot; `0` where the system does not tell."""

    def __str__(self) -> str:
        return f"{self.machine}:{self.pid}:{self.started}"

    @classmethod
    def parse(cls, text: str) -> ProcessIdentity:
        """Read back what `str` gave.

        Raises:
            ValueError: the text is not of the form machine:pid:started.
        """
        machine, pid, started = text.rsplit(":", 2)
        return cls(machine=machine, pid=int(pid), started=started)

    def is_surely_dead(self) -> bool:
        """Whether it ran on this machine and does not any more; False when that cannot be known."""
        return self.machine == _machine() and _start_of(self.pid) != self.started


def this_process() -> ProcessIdentity:
    """Return the identity of the calling process."""
    pid = os.getpid()
    return ProcessIdentity(machine=_machine(), pid=pid, started=_start_of(pid) or "0")


def _machine() -> str:
    """Name the host, its boot and its process namespace: process numbers mean nothing elsewhere."""
    boot = PROC / "sys" / "kernel" / "random" / "boot_id"
    namespace = PROC / "self" / "ns" / "pid"
    try:
        marks = f"{boot.read_text()}{namespace.readlink()}"
    except OSError:
        marks = ""
    host = socket.gethostname().replace(":", "-")
    return f"{host}-{sha256(marks.encode()).hexdigest()[:8]}"


def _start_of(pid: int) -> str | None:
    """Return when a process started; None when it has ended (a zombie has)."""
    if not PROC.is_dir():
        return "0" if _answers(pid) else None
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The command name is in brackets and may hold spaces or brackets itself.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
