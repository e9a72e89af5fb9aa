"""`sigcheck check`: whether the producer can feed the consumer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from sigcheck.cli.options import FORMATS, check_keywords, format_option, pair_options
from sigcheck.cli.output import page, say
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.report_files import output_option, parse_outputs, write_reports


@click.command(
    short_help="Check whether one source can feed another.",
    epilog="""\b
    Examples:
      sigcheck check encoder classifier.keras
      sigcheck check encoder classifier.keras --verify typed --format json
      sigcheck check sensor.keras scorer --facts facts.toml
      sigcheck check sensor.keras scorer --fact producer.pressure.range=0,60000
      sigcheck check tokenizer reader.keras --loss truncating --verbose
      sigcheck check encoder classifier.keras --output sarif=fit.sarif

    Exit codes: 0 passed; 1 findings at level error; 2 could not check.""",
)
@pair_options
@format_option(FORMATS)
@output_option
def check(
    *,
    producer: str,
    consumer: str,
    format_name: str,
    outputs: Sequence[str],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> int:
    """Check whether the outputs of PRODUCER can feed the inputs of CONSUMER.

    Prints the verdict, every mismatch with its cure, the steps of the adapter, and what could
    not be checked.
    """
    from sigcheck import api
    from sigcheck.reports import FORMATS as RENDERERS
    from sigcheck.reports.page import Page

    keywords, files = check_keywords(options), parse_outputs(outputs)
    with shown_progress(f"checking {producer} -> {consumer}"):
        report = api.check(producer, consumer, **keywords)
    write_reports(files, lambda name: RENDERERS[name].render_check(report.result, Page(is_verbose=verbose)))
    say(RENDERERS[format_name].render_check(report.result, page(is_verbose=verbose, is_quiet=quiet)))
    return int(report.exit_code)
