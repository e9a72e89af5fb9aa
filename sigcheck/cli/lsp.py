"""`sigcheck lsp`: the config in an editor."""

from __future__ import annotations

import os
import sys

import click

from sigcheck.cli import DEBUG_VARIABLE
from sigcheck.schema.errors import UsageError


@click.command(
    short_help="Serve an editor: completion, hover, findings, cures.",
    epilog="""\b
    Examples:
      sigcheck lsp

    Exit codes: 0 the editor ended it; 2 it cannot be started.""",
)
def lsp() -> int:
    """Speak the Language Server Protocol on standard input and output: editors start it, for sigcheck.toml.

    Completes models, tensors, facts and rules, shows signatures and help pages, tells what a lint finds while
    you write, and writes declarations that it asks for. As a lint without options it runs no model and opens
    nothing outside the folder of the config.
    """
    try:
        from sigcheck.editor.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise UsageError("lsp", "needs an extra: pip install 'sigcheck[editor]'.") from None
    if sys.stdin is not None and sys.stdin.isatty():
        raise UsageError(
            "lsp", "standard input is a terminal, expected an editor. Name `sigcheck lsp` in its settings."
        )
    serve(is_debugged=bool(os.environ.get(DEBUG_VARIABLE)))
    return 0
