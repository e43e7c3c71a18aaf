"""The `samecast` command: registers the verbs and turns errors into one line and an exit code.

Knows Typer and the error tree. Heavy libraries are imported by the verbs when they run, so that
`samecast --help` answers at once.
"""

from __future__ import annotations

import os
import sys

import typer

from tools.errors import SamecastError
from ui.cli import (
    audit,
    base,
    calibrate,
    cast,
    chat,
    create,
    demo,
    doctor,
    gate,
    lint,
    lora,
    omit,
    pretrain,
    pretrain_faces,
    production,
    qc,
    references,
    shoot,
    train,
    ui,
    user,
    work,
)

VERBS = (
    demo.demo,
    production.production,
    create.create,
    cast.cast,
    references.references,
    audit.audit,
    gate.gate,
    calibrate.calibrate,
    train.train,
    shoot.shoot,
    omit.omit,
    qc.qc,
    lint.lint,
    pretrain.pretrain,
    pretrain_faces.pretrain_faces,
    doctor.doctor,
    chat.chat,
    ui.ui,
    work.work,
)


def build_app() -> typer.Typer:
    """Return the Typer application with every verb."""
    app = typer.Typer(
        name="samecast",
        help="Keep a film character the same in every frame.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for verb in VERBS:
        app.command()(verb)
    app.add_typer(base.build_app(), name="base")
    app.add_typer(lora.build_app(), name="lora")
    app.add_typer(user.build_app(), name="user")
    return app


def main() -> None:
    """Run the command line; exit codes 0 done, 2 bad input, 3 refused by a check, 1 anything else."""
    # Notes of a library about its own optional parts are no news to a director.
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # OpenMP threads that spin for long make torch many times slower beside other programs; threads that
    # never spin make training three times slower on idle cores. A short spin is within a tenth of the best.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    try:
        build_app()()
    except SamecastError as error:
        sys.stderr.write(f"samecast: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("samecast: cancelled; what was finished is kept\n")
        sys.exit(1)
