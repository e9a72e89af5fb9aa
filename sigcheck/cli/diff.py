"""`sigcheck diff`: what changed from one version of a model to the next, and whom it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigcheck.cli.options import files, format_option
from sigcheck.cli.output import file_page, page, say
from sigcheck.cli.permissions import given_permission, project_options
from sigcheck.cli.project import config_option, load_project
from sigcheck.cli.report_files import html_option, output_option, parse_outputs, write_reports
from sigcheck.reports import FORMATS
from sigcheck.schema.errors import SourceError

if TYPE_CHECKING:
    from sigcheck.config.config import Config


@click.command(
    short_help="Compare two versions of a model, or of the project.",
    epilog="""\b
    Examples:
      sigcheck diff old/encoder new/encoder
      sigcheck diff lock models/encoder
      sigcheck diff main:models/encoder models/encoder
      sigcheck diff encoder.json models/encoder --format json
      sigcheck diff origin/main
      sigcheck diff origin/main --html changes.html
      sigcheck diff old.lock new.lock
      sigcheck diff march.json april.json

    Exit codes: 0 compatible; 1 a change that breaks; 2 could not check.""",
)
@click.argument("old", shell_complete=files)
@click.argument("new", required=False, shell_complete=files)
@config_option
@project_options
@format_option(tuple(FORMATS))
@output_option
@html_option
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print more of each link.")
def diff(
    *,
    old: str,
    new: str | None,
    config_file: Path | None,
    format_name: str,
    outputs: Sequence[str],
    html: str | None,
    quiet: bool,
    verbose: bool,
    **permitted: bool,
) -> int:
    """Compare the version OLD of a model with NEW: an input may take more, an output may give less.

    A version is a path, a signature file, a model of the config, `lock` for what was agreed, or
    REV:path for a path at a Git revision. Where there is a config, the links that the change
    reaches are checked again. A Git revision, or a lock file, stands for the whole project; NEW is
    then what is on the disk, unless given. Two files that `sigcheck observe --format json` printed are
    compared as data.
    """
    from sigcheck.project.diff import diff as of_model
    from sigcheck.project.diff_observations import are_observations, diff_observations
    from sigcheck.project.diff_projects import are_projects, diff_projects

    files = parse_outputs(outputs, html)
    config, permission = _config(config_file), given_permission(**permitted)
    if new is not None and are_observations(old, new):
        result = diff_observations(old, new)
    elif are_projects(old, new, config):
        result = diff_projects(old, new, config, permission)
    else:
        result = of_model(old, new or old, config, permission)
    write_reports(files, lambda name: FORMATS[name].render_diff(result, file_page(is_verbose=verbose)))
    say(FORMATS[format_name].render_diff(result, page(is_verbose=verbose, is_quiet=quiet)))
    return result.exit_code


def _config(config_file: Path | None) -> Config | None:
    """The config; None where none is named and there is none: two paths can be compared without."""
    if config_file is not None:
        return load_project(config_file)
    from sigcheck.config.find import find_config

    try:
        found = find_config(Path())
    except SourceError:
        return None
    return load_project(found)
