"""How a page is served: where it listens, and under which names others reach it.

Knows addresses only.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from tools.errors import BadInput

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class ServeOptions:
    """Where a page listens."""

    host: str = "127.0.0.1"
    port: int = 7860
    """0 takes a free one."""
    share: bool = False
    """Whether a share link may lead here from outside."""
    share_url: str | None = None
    """The share link, once it is made."""
    domain: str | None = None
    """Own address in front of the page, as `https://studio.example`."""

    def __post_init__(self) -> None:
        """Check the domain.

        Raises:
            BadInput: not an https address of a host.
        """
        if self.domain is not None and not _is_address(self.domain):
            raise BadInput(
                f"{self.domain!r} is no address to serve under; expected https://studio.example"
            )

    @property
    def is_local(self) -> bool:
        """Whether only this computer can reach the page, so that accounts may be left out."""
        return self.host in LOCAL_HOSTS and not self.share and self.domain is None

    @property
    def own_hosts(self) -> frozenset[str]:
        """Hosts, with ports where they are unusual, under which others reach this page."""
        addresses = (self.domain, self.share_url)
        return frozenset(urlsplit(each.lower()).netloc for each in addresses if each)


def _is_address(domain: str) -> bool:
    try:
        parts = urlsplit(domain)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.path.strip("/")
