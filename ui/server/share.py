"""A share link: a tunnel of Gradio's from an address outside to this page's port.

Knows the tunnel; must not know the page. What others may do is the accounts' business.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

import httpx

from tools.errors import FailedError

LIMITS = (
    "The share link lasts a week at most and is best effort; it ends with this program.",
    "Everybody who has the link and an account can sign in; the link alone opens nothing.",
    "It leads through a server of Gradio's, and all requests look as if they came from this "
    "computer: addresses in logs say nothing.",
)
"""What whoever shares must know."""


def open_link(port: int, folder: Path) -> str:
    """Make a share link to a port of this computer and return its https address.

    Args:
        port: where the page listens, on 127.0.0.1.
        folder: gets the tunnel's certificate.

    Raises:
        FailedError: there is no link: no network, or the service does not answer.
    """
    from gradio.exceptions import ChecksumMismatchError, ShareCertificateWriteError
    from gradio.networking import setup_tunnel

    failures = (
        RuntimeError,
        ValueError,
        OSError,
        httpx.HTTPError,
        ChecksumMismatchError,
        ShareCertificateWriteError,
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # Gradio writes the certificate under the working folder, whichever that is.
        with contextlib.chdir(folder):
            address = setup_tunnel(
                local_host="127.0.0.1",
                local_port=port,
                share_token=token_urlsafe(32),
                share_server_address=None,
                share_server_tls_certificate=None,
            )
    except failures as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FailedError(f"no share link could be made: {reason}") from error
    return urlsplit(address)._replace(scheme="https").geturl()
