"""`sigcheck adapt`: the adapter as code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigcheck.cli.adapter_form import Form, form_option
from sigcheck.cli.certificate_file import certify_file
from sigcheck.cli.check_keywords import check_keywords, files_read
from sigcheck.cli.options import (
    PLAIN_FORMATS,
    check_options,
    files,
    format_option,
    is_given,
    refuse_unheeded,
    run_models_option,
)
from sigcheck.cli.output import complain, page, say, tell
from sigcheck.cli.permissions import given_permission, permission_options
from sigcheck.cli.pipeline import Pipeline, PipelineCommand, parse_pipeline
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.project import DEFAULT_TIMEOUT, config_option, open_cache
from sigcheck.schema.errors import UsageError
from sigcheck.schema.time_limit import require_time_limit

if TYPE_CHECKING:
    from sigcheck.api import VerifyLevel

# What `--all` may be told.
_PERMITTED = ("remote", "remote_private", "allow_outside")
_WITH_ALL = frozenset({"is_all", "config_file", "force", "quiet", "verify", "timeout", "load", *_PERMITTED})


@click.command(
    cls=PipelineCommand,
    short_help="Write the adapter between two sources.",
    epilog="""\b
    Examples:
      sigcheck adapt encoder classifier.keras
      sigcheck adapt encoder classifier.keras -o adapter.py
      sigcheck adapt sensor.keras scorer --facts facts.toml -o scale.py
      sigcheck adapt encoder classifier.keras --as saved_model -o adapter
      sigcheck adapt embedder.json sensor.keras -- mixer.json -o mix.py
      sigcheck adapt --all

    Exit codes: 0 written; 1 findings at level error, nothing written; 2 could not check.""",
)
@click.argument("sources", nargs=-1, shell_complete=files, metavar="[PRODUCER... CONSUMER]")
@check_options
@run_models_option
@format_option(PLAIN_FORMATS)
@form_option
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, whole or not.")
@click.option("--force", is_flag=True, help="Overwrite FILE though sigcheck did not write it.")
@click.option(
    "--all",
    "is_all",
    is_flag=True,
    help=f"Write the files that the links of the config name; its --timeout is {DEFAULT_TIMEOUT:.0f} unless given.",
)
@config_option
@permission_options
@click.pass_context
def adapt(
    context: click.Context,
    /,
    *,
    sources: Sequence[str],
    form: str,
    output: Path | None,
    force: bool,
    is_all: bool,
    config_file: Path | None,
    **options: Any,
) -> int:
    """Write the adapter that lets PRODUCER feed CONSUMER: plain TensorFlow, to be committed.

    With -- before the consumer all others feed it together.
    With --as it is code for NumPy, a SavedModel folder or a Keras file instead, of the same plan.
    Without -o the code goes to stdout. What was found goes to stderr; nothing is written where
    a finding is an error. Beside a FILE of Python stands its certificate, which `sigcheck verify`
    proves again. A FILE that sigcheck did not write is kept, unless --force is given.
    With --all, the files that the links of sigcheck.toml name are written, where they are
    missing or out of date.
    """
    if is_all:
        return _adapt_all(context, sources, options["verify"])
    if config_file is not None:
        raise UsageError("--config", "belongs to --all. Leave it out, or write --all.")
    for name in _PERMITTED:
        if options.pop(name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(option, "belongs to --all: what is named here is opened. Leave it out, or write --all.")
    if output is None:
        refuse_unheeded({"force": "-o FILE or --all"})
    if not sources:
        raise UsageError("adapt", "expected PRODUCER and CONSUMER. Name both, or write --all.")
    pipeline = parse_pipeline(sources, context)
    if pipeline.is_chain:
        problem = f"{len(sources)} sources, each of which feeds the next, expected one link"
        raise UsageError("adapt", f"{problem}. Adapt each link, write -- before one consumer of all, or fuse them.")
    return _adapt_link(pipeline, Form(form, output, force=force), **options)


def _adapt_link(pipeline: Pipeline, form: Form, **options: Any) -> int:
    from sigcheck import api
    from sigcheck.reports import FORMATS

    keywords = check_keywords(options)
    form.check((*pipeline.producers, *pipeline.rest, *files_read(options)))
    (consumer,) = pipeline.rest
    with shown_progress(f"adapting {pipeline}"):
        report = api.check(pipeline.first, consumer, **keywords, run_models=options["run_models"])
    code = int(report.exit_code)
    is_json, is_quiet = options["format_name"] == "json", options["quiet"]
    text = FORMATS[options["format_name"]].render_check(
        report.result, page(is_verbose=options["verbose"], is_quiet=is_quiet)
    )
    if is_json:
        say(text)
    elif code or not is_quiet:
        tell(text)
    if code or report.result.adapter is None:
        if not is_quiet:
            complain("no adapter written" if code else "no adapter needed, none written")
        return code
    if form.output is not None:
        form.write(report, keywords["timeout"])
        if not is_quiet:
            complain(f"wrote {form.output}")
        if form.name == "python":
            certify_file(report, form.output, form.source(report), keywords)
    elif not is_json:
        say(form.source(report).rstrip("\n"))
    return code


def _adapt_all(context: click.Context, sources: Sequence[str], verify: VerifyLevel | None) -> int:
    """The adapters of a whole project. Raises UsageError for whatever belongs to one pair only."""
    from sigcheck.cli.adapt_all import adapt_all

    if sources:
        raise UsageError(
            "adapt", f"{sources[0]} does not go with --all, which adapts the links of the config. Leave it out."
        )
    for parameter in context.command.params[1:]:
        name = parameter.name or ""
        if name not in _WITH_ALL and is_given(name):
            problem = "does not go with --all, expected what may be said of every link at once. Leave it out."
            raise UsageError(parameter.opts[-1], problem)
    told = context.params
    permission = given_permission(**{name: told[name] for name in _PERMITTED}, load=told["load"])
    timeout = told["timeout"] if is_given("timeout") else DEFAULT_TIMEOUT
    require_time_limit(timeout)
    return adapt_all(
        config_file=told["config_file"],
        verify=verify,
        force=told["force"],
        quiet=told["quiet"],
        permission=permission,
        timeout=timeout,
        cache=open_cache(no_cache=False),
    )
