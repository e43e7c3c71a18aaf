"""Errors as answers: which status each kind has, and never more words than its own.

Knows the error tree and HTTP; must not know routes.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tools.errors import FixableError, Refused, SamecastError, UnknownName
from ui.server.door import refuse
from ui.server.headers import security_headers

logger = logging.getLogger(__name__)


def status_of(error: SamecastError) -> int:
    """Return the HTTP status of an error: refused 403, unknown 404, to be mended 400, else 503."""
    match error:
        case Refused():
            return 403
        case UnknownName():
            return 404
        case FixableError():
            return 400
        case _:
            return 503


def said(error: ValidationError | RequestValidationError) -> str:
    """Return what is wrong with a body in one line, without what was sent."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body") or "the body"
    return f"{where}: {first['msg']}"


def add_answers(app: FastAPI) -> None:
    """Make an application answer every error as `{"error": "..."}`."""

    @app.exception_handler(SamecastError)
    def expected(_request: Request, error: Exception) -> Response:
        assert isinstance(error, SamecastError)
        return refuse(status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    def malformed(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return refuse(400, said(error))

    @app.exception_handler(HTTPException)
    def plain(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refuse(error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    def bug(request: Request, error: Exception) -> Response:
        # This answer is sent from outside the door, which therefore cannot add its headers.
        headers = {**security_headers(request.url.path), "Cache-Control": "no-store"}
        logger.error("bug in %s %s", request.method, request.url.path, exc_info=error)
        return refuse(500, "a bug; the program's log says what", headers)
