"""`sigcheck check`: whether the producer can feed the consumer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigcheck.cli.check_keywords import check_keywords
from sigcheck.cli.options import check_options, files, format_option, run_models_option, state_option
from sigcheck.cli.output import file_page, page, say
from sigcheck.cli.pipeline import Pipeline, PipelineCommand, parse_pipeline
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.report_files import html_option, output_option, parse_outputs, write_reports
from sigcheck.reports import FORMATS
from sigcheck.schema.errors import UsageError

if TYPE_CHECKING:
    from sigcheck.api import Report
    from sigcheck.reports.parts.page import Page


@click.command(
    cls=PipelineCommand,
    short_help="Check whether one source can feed another.",
    epilog="""\b
    Examples:
      sigcheck check encoder classifier.keras
      sigcheck check encoder classifier.keras --verify typed --format json
      sigcheck check sensor.keras scorer --facts facts.toml
      sigcheck check sensor.keras scorer --fact producer.pressure.range=0,60000
      sigcheck check tokenizer reader.keras --loss truncating --pad-value 0 --verbose
      sigcheck check encoder classifier.keras --output sarif=fit.sarif
      sigcheck check encoder classifier.keras --html fit.html
      sigcheck check ids.json embedder.json ranker.json
      sigcheck check embedder.json sensor.keras -- mixer.json
      sigcheck check cell.json cell.json --loop --bind next=h --const h=0

    Exit codes: 0 passed; 1 findings at level error; 2 could not check.""",
)
@click.argument("sources", nargs=-1, shell_complete=files, required=True, metavar="PRODUCER... CONSUMER")
@check_options
@run_models_option
@state_option
@click.option("--loop", is_flag=True, help="Check the states that a model, named twice, gives to its next call.")
@format_option(tuple(FORMATS))
@output_option
@html_option
@click.pass_context
def check(  # noqa: PLR0913  # an option each
    context: click.Context,
    /,
    *,
    sources: Sequence[str],
    format_name: str,
    outputs: Sequence[str],
    html: str | None,
    quiet: bool,
    verbose: bool,
    run_models: bool,
    loop: bool,
    **options: Any,
) -> int:
    """Check whether the outputs of PRODUCER can feed the inputs of CONSUMER.

    Prints the verdict, every mismatch with its cure, the steps of the adapter, and what could
    not be checked. Of three sources or more each feeds the next; with -- before the last, all
    others feed it together.
    """
    from sigcheck import api

    pipeline, keywords, files = parse_pipeline(sources, context), check_keywords(options), parse_outputs(outputs, html)
    keywords["run_models"] = run_models
    if loop and (pipeline.is_chain or run_models):
        found = "a chain" if pipeline.is_chain else "--run-models"
        raise UsageError("--loop", f"given with {found}, expected one model, named twice. Check its states alone.")
    if pipeline.is_chain:
        return _check_chain(pipeline, keywords, format_name, files, page(is_verbose=verbose, is_quiet=quiet))
    with shown_progress(f"checking {pipeline}"):
        report = api.check(pipeline.first, pipeline.rest[0], **keywords, loop=loop)
    write_reports(files, lambda name: _render(report, name, file_page(is_verbose=verbose)))
    say(_render(report, format_name, page(is_verbose=verbose, is_quiet=quiet)))
    return int(report.exit_code)


def _render(report: Report, format_name: str, shown: Page) -> str:
    """The report in a format; on a web page with the graphs that were searched."""
    if format_name == "html":
        from sigcheck.reports.formats.html import render_check

        return render_check(report.result, shown, report.edges)
    return FORMATS[format_name].render_check(report.result, shown)


def _check_chain(
    pipeline: Pipeline,
    keywords: dict[str, Any],
    format_name: str,
    files: Sequence[tuple[str, Path]],
    shown: Page,
) -> int:
    from sigcheck.pipelines.chain import check_chain

    if keywords.pop("example") is not None:
        raise UsageError("--example", "a chain of links, expected one link. Check the link of the example alone.")
    with shown_progress(f"checking {pipeline}"):
        result, reports = check_chain([pipeline.first, *pipeline.rest], **keywords)

    def render(name: str, paper: Page) -> str:
        if name == "html":
            from sigcheck.reports.formats.html import render_chain

            return render_chain(result, paper, [report.edges for report in reports])
        return FORMATS[name].render_chain(result, paper)

    write_reports(files, lambda name: render(name, file_page(is_verbose=shown.is_verbose)))
    say(render(format_name, shown))
    return result.exit_code
