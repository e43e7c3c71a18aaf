"""Headers that every answer carries.

Knows browsers' rules; must not know routes beyond the two kinds of pages.
"""

from __future__ import annotations

from collections.abc import Mapping

STUDIO_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio's page starts from inline scripts, and its HTML component compiles its handlers.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        # A picture or request to another address could carry words of a conversation away.
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)
PLAIN_POLICY = "; ".join(
    (
        "default-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""For everything that is no page of Gradio's: nothing in it may run or load."""

COMMON: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def security_headers(path: str) -> dict[str, str]:
    """Return the headers of an answer to this path."""
    policy = STUDIO_POLICY if path.startswith("/studio") else PLAIN_POLICY
    return {**COMMON, "Content-Security-Policy": policy}


def cache_rule(path: str) -> str:
    """Return how long a browser may keep an answer that says nothing about it itself."""
    if path.startswith("/studio/assets/"):
        return "private, max-age=31536000, immutable"
    return "no-cache" if path.startswith("/studio/static/") else "no-store"
