"""What a request must be like before anybody asks who sent it.

Pure functions of its head. Knows browsers' rules; must not know routes or accounts.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from ui.server.options import LOCAL_HOSTS

_STRANGE = re.compile(r"\.\.|//|\\|[\x00-\x1f\x7f]")
_FORWARDED = re.compile(
    r"forwarded|via|x-forwarded-.+|x-real-ip|.+-client-ip|cf-.+|tailscale-.+|ngrok-.+"
)
"""Headers of proxies and tunnels; no browser sends one of them by itself."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Knock:
    """The head of a request."""

    method: str
    path: str
    """Decoded."""
    headers: Headers
    client: str | None
    """Address of the other end; None where there is none."""

    @property
    def host(self) -> str:
        """The Host header, lower case."""
        return self.headers.get("host", "").lower()

    @property
    def host_name(self) -> str | None:
        """Host without port; None when it is no host."""
        try:
            parts = urlsplit(f"//{self.host}")
        except ValueError:
            return None
        return None if "@" in parts.netloc else parts.hostname


def is_strange(knock: Knock) -> bool:
    """Say whether a path tries to climb or hide: no address of ours has such characters."""
    return _STRANGE.search(knock.path) is not None


def is_from_this_computer(knock: Knock) -> bool:
    """Say whether a request came straight from a browser here that meant to come here.

    A page elsewhere can make its own name stand for 127.0.0.1 (DNS rebinding): then the Host header
    has that name. A proxy in front makes everybody look local: then it says so in a header.
    """
    if knock.host_name not in LOCAL_HOSTS:
        return False
    if any(_FORWARDED.fullmatch(name) for name in knock.headers):
        return False
    return knock.client is None or _is_loopback(knock.client)


def is_from_another_site(knock: Knock, own_hosts: Collection[str] = ()) -> bool:
    """Say whether another site's page sent a request (not: a person followed its link).

    Args:
        knock: the request.
        own_hosts: hosts under which a proxy in front serves this page.
    """
    origin = knock.headers.get("origin")
    if origin is not None and _host_of(origin) not in {knock.host, *own_hosts}:
        return True
    site = knock.headers.get("sec-fetch-site", "none")
    if site in ("none", "same-origin"):
        return False
    followed = knock.headers.get("sec-fetch-mode") == "navigate" and knock.method == "GET"
    return not (followed and knock.headers.get("sec-fetch-dest") == "document")


def _host_of(origin: str) -> str | None:
    """Host and port of an origin as a browser writes them in Host; None for `null`."""
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return None
    return parts.netloc.removesuffix(_DEFAULT_PORTS.get(parts.scheme, "")) or None


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
