"""Fix: what a lint finds and a machine may mend: adapters, the lock, and ignores of what is gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sigcheck.cli.adapt_all import adapt_all
from sigcheck.cli.output import complain, say, write_whole

if TYPE_CHECKING:
    from sigcheck.api import VerifyLevel
    from sigcheck.config.config import Config
    from sigcheck.encodings.permission import Permission
    from sigcheck.project.cache import Cache
    from sigcheck.schema.project import LintResult


def fix_project(
    config: Config,
    result: LintResult,
    *,
    verify: VerifyLevel | None,
    timeout: float,
    permission: Permission,
    cache: Cache,
) -> None:
    """Writes adapters that are missing or stale, deletes ignores that match nothing, brings the lock up to date.

    An adapter that somebody edited stays. The lock is written where there is one, and only where what changed breaks
    nobody: else somebody has to agree to it.
    """
    _delete_ignores(config, result)
    adapt_all(
        config_file=config.path,
        verify=verify,
        timeout=timeout,
        force=False,
        quiet=False,
        permission=permission,
        cache=cache,
    )
    _lock(config, permission, cache)


def _delete_ignores(config: Config, result: LintResult) -> None:
    from sigcheck.config.edit import without_ignores
    from sigcheck.encodings.confined import require_writable

    places = {one.location for one in result.findings if one.finding.rule == "unmatched_ignore"}
    numbers = [at for at in range(len(config.entries.ignore)) if config.location("ignore", at) in places]
    if not numbers:
        return
    text = without_ignores(config, numbers)
    if text is None:
        complain(
            f"{config.path}: its ignores are not written as [[ignore]] tables; delete what matches nothing by hand"
        )
        return
    require_writable(config.folder, config.path.name)
    write_whole(config.path, text)
    say(f"{config.path}: {len(numbers)} deleted that ignored nothing")


def _lock(config: Config, permission: Permission, cache: Cache) -> None:
    from sigcheck.encodings.confined import require_writable
    from sigcheck.project.agree import agree
    from sigcheck.project.lock_file import FILE, read_lock, write_lock
    from sigcheck.project.read_models import read_models

    path: Path = config.folder / FILE
    old = read_lock(permission.path(config.folder, FILE))
    if old is None:
        return
    readings = read_models(config, old, permission, cache)
    breaking = [name for name, one in readings.items() if any(change.level == "error" for change in one.changes)]
    if breaking:
        complain(
            f"{path}: {', '.join(breaking)} changed so that others break; look at it, and agree by `sigcheck lock`"
        )
        return
    text = write_lock(agree(readings, old))
    if text != path.read_text(encoding="utf-8"):
        require_writable(config.folder, FILE)
        write_whole(path, text)
        say(f"{path}: brought up to date")
