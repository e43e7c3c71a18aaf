"""`samecast ui`: the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.output import say
from ui.cli.studio import open_studio

if TYPE_CHECKING:
    from ui.server.options import ServeOptions


def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 7860,
    share: Annotated[
        bool, typer.Option("--share", help="Make a link for people elsewhere.")
    ] = False,
    domain: Annotated[
        str | None, typer.Option(help="Own address in front of the page: https://...")
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Jobs are run by `samecast work` elsewhere.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Open the page: chat, board, characters, quality, jobs, costs."""
    from ui.server.options import ServeOptions
    from ui.server.serving import address_of, listen, require_accounts

    options = ServeOptions(host=host, port=port, share=share, domain=domain)
    studio = open_studio()
    require_accounts(studio.services.database, options)
    opened, options = listen(options)
    if share:
        options = _shared(options, studio.services.settings.home)

    def started() -> None:
        address = address_of(options)
        say(f"Samecast is at {options.domain or address} (Ctrl-C ends it)")
        if not (options.is_local or share or domain):
            say(
                "Passwords travel unencrypted in this network; https in front (--domain) mends that."
            )
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    from ui.server.run import run_page

    run_page(studio, opened, options, with_worker=not no_worker, started=started)


def _shared(options: ServeOptions, home: Path) -> ServeOptions:
    """Make the share link and say what it is; without one the page is still served here."""
    from tools.errors import FailedError
    from ui.server.share import LIMITS, open_link

    try:
        link = open_link(options.port, home / "gradio")
    except FailedError as error:
        say(f"{error}. Nobody elsewhere can reach this page.")
        return options
    say(f"Share link: {link}")
    for line in LIMITS:
        say(f"- {line}")
    return replace(options, share_url=link)
