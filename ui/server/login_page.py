"""The login page: the only one that a stranger sees. No script, nothing from elsewhere.

Knows HTML; must not know accounts.
"""

from __future__ import annotations

from html import escape
from secrets import token_urlsafe
from string import Template

from starlette.responses import HTMLResponse

from ui.auth.logins import LONGEST_NAME
from ui.auth.passwords import LONGEST

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Samecast: sign in</title>
<link rel="icon" href="data:,">
<style nonce="$nonce">
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  font: 16px/1.5 system-ui, sans-serif; background: #17181c; color: #eceae4; }
form { width: min(20rem, 86vw); display: grid; gap: .75rem; }
h1 { font-size: 1.4rem; font-weight: 600; margin: 0; }
label { display: grid; gap: .25rem; font-size: .9rem; }
input, button { font: inherit; padding: .55rem .7rem; border-radius: .4rem;
  border: 1px solid #4a4c55; background: #22242a; color: inherit; }
button { background: #d9a441; color: #17181c; border: 0; font-weight: 600; cursor: pointer; }
p { margin: 0; color: #ffb4a4; min-height: 1.5em; }
</style>
</head>
<body>
<form method="post" action="/login" autocomplete="on">
<h1>Samecast</h1>
<label>Name <input name="name" required maxlength="$longest_name" autocomplete="username"
  autofocus></label>
<label>Password <input name="password" type="password" required maxlength="$longest_password"
  autocomplete="current-password"></label>
<button>Sign in</button>
<p role="alert">$message</p>
</form>
</body>
</html>
""")


def login_page(
    message: str = "", *, status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """Return the page, with what went wrong."""
    nonce = token_urlsafe(16)
    page = _PAGE.substitute(
        nonce=nonce, message=escape(message), longest_name=LONGEST_NAME, longest_password=LONGEST
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        page, status_code=status, headers={"Content-Security-Policy": policy, **(headers or {})}
    )
