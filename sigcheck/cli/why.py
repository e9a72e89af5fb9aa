"""`sigcheck why`: what a model demands of one of its sizes, and where."""

from __future__ import annotations

import click

from sigcheck.cli.options import PLAIN_FORMATS, files, format_option
from sigcheck.cli.output import page, say


@click.command(
    short_help="Say what a model demands of a size, and where.",
    epilog="""\b
    Examples:
      sigcheck why encoder batch
      sigcheck why encoder measurements.0
      sigcheck why classifier.keras batch --format json

    SIZE is a name that `sigcheck show --facts` prints in a shape, or an axis of an input.

    Exit codes: 0 told; 2 there is no such size, or nothing is known of it.""",
)
@click.argument("model", shell_complete=files)
@click.argument("size")
@format_option(PLAIN_FORMATS)
@click.option("--key", help="The signature that is meant.")
def why(*, model: str, size: str, format_name: str, key: str | None) -> int:
    """Say what MODEL demands of SIZE, a size that its signature leaves open, and where in its graph.

    For each demand the ways are told on which the size gets to the place, from the input on, with what
    has become of it there. Nothing of the model is run.
    """
    from sigcheck.inference.why import explain_size
    from sigcheck.stages.read_source import read_source

    source = read_source(model, key).shown
    found = explain_size(source.file, source.model, source.signature, size)
    if format_name == "json":
        from sigcheck.reports.parts.json_text import dump_json

        say(dump_json(found.model_dump(mode="json")))
    else:
        from sigcheck.reports.parts.why_text import render_why

        say(render_why(found, page()))
    return 0
