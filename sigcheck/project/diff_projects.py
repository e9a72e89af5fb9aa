"""Diff of whole projects: two locks, two revisions, or one of them and what is on the disk."""

from __future__ import annotations

from pathlib import Path

from sigcheck.config.config import Config
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.planning.effort import OF_CALL, bounded_effort
from sigcheck.project.cache import Cache
from sigcheck.project.compare import compare
from sigcheck.project.git_files import GitFiles
from sigcheck.project.lock_file import FILE, parse_lock, read_lock
from sigcheck.project.plan_links import Ground
from sigcheck.project.read_models import read_models
from sigcheck.project.standing import Standing, standing_at, standing_now, standing_of_lock
from sigcheck.project.versions import LOCK
from sigcheck.rules.project import unreadable_model
from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.schema.budget import bounded, bounded_call
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.finding import Finding
from sigcheck.schema.report import Side
from sigcheck.schema.upgrade import DiffResult

_SUFFIX = Path(FILE).suffix


def are_projects(old: str, new: str | None, config: Config | None) -> bool:
    """Whether two versions name whole projects. Raises UsageError where one model is named, and nothing to compare."""
    if new is not None:
        return _is_project(old, config) and _is_project(new, config) and not old == new == LOCK
    if not _is_project(old, config):
        problem = "one version of a model, expected two; or one Git revision or lock of the whole project. Add NEW."
        raise UsageError(old, problem)
    return True


def _is_there(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _is_project(text: str, config: Config | None) -> bool:
    """Whether a version names a whole project: a lock file, `REV:path` of one, or what is neither file nor model.

    The last is `lock`, or taken for a Git revision.
    """
    path = text.rpartition(":")[2]
    if path.endswith(_SUFFIX):
        return True
    is_model = config is not None and text in config.entries.models
    return not (is_model or ":" in text or "#" in text or _is_there(Path(text)))


@bounded_call()
@bounded_effort(OF_CALL)
def diff_projects(
    old: str, new: str | None, config: Config | None, permission: Permission = NO_PERMISSION
) -> DiffResult:
    """The changes of all models from the old project to the new, and the links that they reach.

    Each is a lock file, `REV:path` of one, `lock` for the one beside the config, or a Git revision; `new` is
    by default what is on the disk. Links are those of the config, or of the old revision. Raises SourceError
    where one cannot be read.
    """
    before = _standing(old, config, permission)
    after = _standing(new, config, permission)
    unread = tuple(model for name, model in after.models.items() if model.signature is None and name in before.models)
    folder = Path() if config is None else config.folder
    comparison = compare(before, after, Ground(folder, Cache(None), permission))
    return DiffResult(
        old=Side(source=before.name, reader="project", key=""),
        new=Side(source=after.name, reader="project", key=""),
        findings=tuple(map(_placed, (*unreadable_model.find(ProjectView(models=unread)), *comparison.told))),
        links=comparison.effects,
        unread=tuple(model.name for model in unread),
    )


def _placed(told: Told) -> Finding:
    """The finding with its model before its place; one about a whole model or link has the same for both."""
    place = told.finding.place
    return (
        told.finding if place == told.subject else told.finding.model_copy(update={"place": f"{told.subject}.{place}"})
    )


def _standing(text: str | None, config: Config | None, permission: Permission) -> Standing:
    if text is not None and text.endswith(_SUFFIX):
        return _lock(text, config)
    if config is None:
        problem = "no config here or above, expected one for the whole project. Write one with `sigcheck init`."
        raise UsageError(text or "diff", problem)
    if text is not None and text != LOCK:
        return standing_at(config, text)
    place = permission.path(config.folder, FILE)
    lock = read_lock(place)
    if text is None:
        return standing_now(config, read_models(config, lock, permission))
    if lock is None:
        raise SourceError(str(config.folder / FILE), "no such file. Run `sigcheck lock` first.")
    return standing_of_lock(str(config.folder / FILE), lock, config)


def _lock(text: str, config: Config | None) -> Standing:
    path = Path(text)
    revision, colon, inner = text.partition(":")
    if _is_there(path) or not (colon and revision and inner):
        lock = read_lock(path)
        if lock is None:
            raise SourceError(text, "no such file, expected a lock. Check the path.")
        return standing_of_lock(text, lock, config)
    files = GitFiles(Path(), revision)
    try:
        content = files.content(Path(files.path(inner))).decode("utf-8")
        with bounded(text, len(content)):
            return standing_of_lock(text, parse_lock(content), config)
    except (ValueError, RecursionError) as error:
        raise SourceError(text, f"{str(error).rstrip('.')}, expected a lock. Check the path.") from None
    finally:
        files.close()
