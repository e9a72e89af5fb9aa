"""`sigcheck adapt --all`: the adapter files that the links of a project name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sigcheck.cli.certificate_file import certify_link
from sigcheck.cli.output import complain, say, write_whole
from sigcheck.cli.progress import shown_progress
from sigcheck.cli.project import load_project
from sigcheck.schema.errors import UsageError
from sigcheck.schema.system_error import system_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sigcheck.api import VerifyLevel
    from sigcheck.config.config import Config
    from sigcheck.encodings.permission import Permission
    from sigcheck.project.cache import Cache
    from sigcheck.schema.project import LintedLink, LintResult

# What these find is cured by writing the file.
_CURED = frozenset({"missing_adapter", "stale_adapter", "edited_adapter"})


def adapt_all(
    *,
    config_file: Path | None,
    verify: VerifyLevel | None,
    timeout: float,
    force: bool,
    quiet: bool,
    permission: Permission,
    cache: Cache,
) -> int:
    """Writes every adapter file that is missing, stale or not proved yet, its certificate beside it.

    Returns the exit code.

    A file that somebody wrote or edited is kept unless `force` is set. Where a link has other
    errors, or cannot be checked, its file stays as it is. Nothing is written outside the folder of the
    config, nor through a link.
    """
    from sigcheck.project.lint import lint
    from sigcheck.project.loaded_models import LoadedModels

    config = load_project(config_file)
    with shown_progress(f"adapting the links of {config.path}"):
        # What an adapter has to do is a matter of the models as they are, whatever was agreed of them.
        result = lint(config, verify=verify, timeout=timeout, cache=cache, permission=permission, against="")
    failing = _failing(result)
    refused = 0
    for link, adapter, source in _due(result, failing, force=force):
        try:
            path = _require_place(config, adapter)
        except UsageError as error:
            complain(f"{link.name}: {error}")
            refused += 1
            continue
        _write(path, source)
        certify_link(config, result, link, path, source, LoadedModels(config.folder, permission, cache))
        if not quiet:
            say(f"{link.name}: wrote {adapter}")
        proof = link.check.verification if link.check else None
        if proof is not None and link.verdict != "fits" and proof.level != "executed" and verify is None:
            complain(f"{link.name}: {adapter} is proved as {proof.level} only: {proof.reason}")
    for model in result.models:
        if model.problem is not None:
            complain(f"{model.name}: {model.problem}")
    for name, reason in failing.items():
        complain(f"{name}: {reason}; see `sigcheck lint`")
    if refused or any(name in failing for name in result.incomplete):
        return 2
    return 1 if failing else 0


def _due(result: LintResult, failing: Mapping[str, str], *, force: bool) -> Iterator[tuple[LintedLink, str, str]]:
    """Yields the links whose files are to be written, each with its file and what that is to hold."""
    for link in result.links:
        if link.adapter is None or link.name in failing:
            continue
        if link.adapter_state == "edited" and not force:
            complain(f"{link.name}: {link.adapter} was edited by hand, and is kept; --force replaces it")
        if not _is_due(link, force=force):
            continue
        if link.check is None or link.check.adapter is None:
            complain(f"{link.name}: {link.adapter} is not needed any more; delete it")
            continue
        yield link, link.adapter, link.check.adapter.source


def _require_place(config: Config, adapter: str) -> Path:
    """Where the file that a link names is written. Raises UsageError where that is no place for one."""
    from sigcheck.certificates.paths import certificate_path
    from sigcheck.encodings.confined import require_writable

    path = config.folder / adapter
    for file in (path, certificate_path(path)):
        require_writable(config.folder, os.path.relpath(file, config.folder))
    return path


def _failing(result: LintResult) -> dict[str, str]:
    """The links whose adapters are not to be written, each with the reason."""
    reasons = {
        one.subject: f"{one.finding.rule} at {one.finding.place}"
        for one in reversed(result.active)
        if one.finding.level == "error" and one.finding.rule not in _CURED
    }
    names = {link.name for link in result.links}
    undecided = dict.fromkeys(result.incomplete, "could not be checked")
    return {name: reason for name, reason in (undecided | reasons).items() if name in names}


def _is_due(link: LintedLink, *, force: bool) -> bool:
    if link.adapter_state == "edited":
        return force
    if link.adapter_state == "current":
        is_proved = link.check is not None and link.check.verification.level == "executed"
        return is_proved and link.adapter_proof in {None, "typed", "traced"}
    return link.adapter_state in {"missing", "stale"}


def _write(path: Path, source: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(str(path.parent), f"cannot be made: {system_words(error)}. Name another folder.") from None
    write_whole(path, source)
