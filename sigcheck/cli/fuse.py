"""`sigcheck fuse`: a pipeline as one model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sigcheck.cli.check_keywords import check_keywords, files_read
from sigcheck.cli.kept_sources import keep_sources
from sigcheck.cli.options import PLAIN_FORMATS, check_options, files, format_option, run_models_option, state_option
from sigcheck.cli.output import complain, page, say, tell
from sigcheck.cli.progress import shown_progress
from sigcheck.schema.printable import shortened


@click.command(
    short_help="Write several models and their adapters as one SavedModel.",
    epilog="""\b
    Examples:
      sigcheck fuse encoder classifier.keras -o pipeline
      sigcheck fuse tokenizer reader.keras --pad-value 0 -o pipeline --keep tokens
      sigcheck fuse sensor.keras scorer --facts facts.toml -o repository --triton
      sigcheck fuse filter shaper -o stream --state h_out=h --const h=0

    Exit codes: 0 written; 1 findings at level error, nothing written; 2 could not check or write.""",
)
@click.argument("sources", nargs=-1, shell_complete=files, required=True, metavar="PRODUCER... CONSUMER")
@check_options
@run_models_option
@state_option
@format_option(PLAIN_FORMATS)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The folder to write."
)
@click.option("--keep", multiple=True, metavar="OUT", help="Give the output OUT of an earlier model too. Repeatable.")
@click.option("--triton", is_flag=True, help="Write a Triton model repository with an ensemble instead.")
@click.option("--force", is_flag=True, help="Overwrite DIR though sigcheck did not write it.")
def fuse(
    *,
    sources: Sequence[str],
    output: Path,
    keep: Sequence[str],
    triton: bool,
    force: bool,
    format_name: str,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> int:
    """Write the models, each feeding the next, as one SavedModel: DIR is whole, or as it was.

    It takes what the first model takes and gives what the last one gives. Models are programs:
    this command loads and runs them, in a process of its own. Nothing is written where a
    finding is an error.
    """
    from sigcheck.pipelines.fuse import fuse as write
    from sigcheck.reports import FORMATS

    keep_sources(output, (*sources, *files_read(options)))
    keywords = check_keywords({**options, "quiet": quiet, "verbose": verbose})
    with shown_progress(f"fusing {' -> '.join(sources)}"):
        result = write(
            sources, output, keep=keep, force=force, triton=triton, **keywords, run_models=options["run_models"]
        )
    text = FORMATS[format_name].render_chain(result, page(is_verbose=verbose, is_quiet=quiet))
    if format_name == "json":
        say(text)
    elif result.exit_code or not quiet:
        tell(text)
    if result.exit_code:
        complain("nothing written")
    elif not quiet:
        complain(f"wrote {output}")
        if triton and result.states:
            kept = ", ".join(shortened(one.output) for one in result.states)
            complain(f"{kept}: clients feed it back, since Triton keeps no states of a SavedModel")
    return result.exit_code
