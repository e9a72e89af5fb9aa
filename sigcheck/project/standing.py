"""Standing: a whole project at one time, as it is on the disk, as a lock says, or at a Git revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sigcheck import api
from sigcheck.config.config import Config
from sigcheck.config.entries import Entries, LinkEntry, ModelEntry, RuleLevel
from sigcheck.config.find import FILE, PYPROJECT, has_config
from sigcheck.config.load import parse_config
from sigcheck.encodings.source import Source
from sigcheck.project.git_files import GitFiles
from sigcheck.project.lock_file import FILE as LOCK_FILE
from sigcheck.project.lock_file import Lock, LockedModel, parse_lock
from sigcheck.project.read_models import Reading, declare_entry
from sigcheck.readers.no_model import LFS_POINTER, pointer
from sigcheck.rules.views.comparison import Gap
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SigcheckError, SourceError
from sigcheck.schema.project import LintedModel, Location
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Signature

# Folders of a revision in which a config that was moved is looked for.
_MOST_FOLDERS = 20_000


@dataclass(frozen=True)
class Standing:
    """The models and links of a project; `name` is what people call it, `levels` those of its config.

    A model without a signature is one of which nobody knows it, for the reason in its `problem`. `examples` has
    what files of examples hold, by their paths in the config, where they are not those on the disk. `gap` says that
    nothing at all is known, and why.
    """

    name: str
    models: Mapping[str, LintedModel] = field(default_factory=dict)
    links: tuple[LinkEntry, ...] = ()
    levels: Mapping[str, RuleLevel] = field(default_factory=dict)
    examples: Mapping[str, bytes] = field(default_factory=dict)
    gap: Gap | None = None


def standing_now(config: Config, readings: Mapping[str, Reading]) -> Standing:
    """The project on the disk, as it was read."""
    models = {name: reading.linted for name, reading in readings.items()}
    return Standing(str(config.path), models, config.links, config.entries.rules)


def standing_of_lock(name: str, lock: Lock, config: Config | None) -> Standing:
    """The models of a lock, with what the config declares of them and the links that it has between them."""
    entries = Entries() if config is None else config.entries
    # A source of the lock is told and never opened: one that no config may name is none the less a model.
    models = {
        model: _agreed(model, entries.models.get(model) or ModelEntry.model_construct(source=agreed.source), agreed)
        for model, agreed in lock.models.items()
    }
    return Standing(name, models, () if config is None else config.links, entries.rules)


def standing_at(config: Config, revision: str) -> Standing:
    """The project of the config at a Git revision: the config that is there, its lock and its models.

    Raises SourceError where there is no such revision.
    """
    files = GitFiles(config.folder, revision)
    try:
        return _standing_at(config, revision, files)
    finally:
        files.close()


def _standing_at(config: Config, revision: str, files: GitFiles) -> Standing:
    subject = config.path.name
    found = _find_config(config, files)
    if isinstance(found, Gap):
        return Standing(revision, gap=found)
    try:
        text = files.content(found).decode("utf-8-sig")
        old = parse_config(Path(f"{revision}:{found}"), text)
        lock = _lock_at(files, found.parent / LOCK_FILE)
    except (SigcheckError, ValueError, RecursionError) as error:
        # Who mends it has to be able to.
        return Standing(revision, gap=Gap(subject, f"{error}"))
    models = {
        name: _model_at(files, found.parent, name, entry, lock.models.get(name))
        for name, entry in old.entries.models.items()
    }
    paths = {link.example for link in old.links if link.example is not None}
    examples = {path: content for path in sorted(paths) if (content := _example_at(files, found.parent, path))}
    return Standing(revision, models, old.links, old.entries.rules, examples)


def _example_at(files: GitFiles, folder: PurePosixPath, path: str) -> bytes | None:
    """What an example holds at the revision; None where the repository has it not, or only a pointer to it."""
    try:
        content = files.content(_place(folder, path))
    except SourceError:
        return None
    return None if content.startswith(LFS_POINTER) else content


def _find_config(config: Config, files: GitFiles) -> PurePosixPath | Gap:
    """The config at the revision: the same file, or the one that is a config no more where it was."""
    own = PurePosixPath(files.inside(config.path.name))
    if files.kind(own) == "file" and has_config(config.path, files.content(own).decode("utf-8", "replace")):
        return own
    depth = len(own.parts) - 1
    top = config.folder.joinpath(*[".."] * depth) if depth else config.folder
    folders = list(_folders(files))
    moved = [place for place in _configs(files, folders) if not _is_config_now(top / place)]
    subject = config.path.name
    if len(moved) == 1:
        return moved[0]
    if moved:
        names = ", ".join(map(str, moved[:3]))
        return Gap(subject, f"{own} is not there, and {len(moved)} configs are here no more: {names}", "error")
    if len(folders) > _MOST_FOLDERS:
        return Gap(subject, f"{own} is not there, and there are more folders than are looked into")
    return Gap(subject, f"there is no config for it at {own}", "note")


def _folders(files: GitFiles) -> Iterator[PurePosixPath]:
    """Yields the folders of the revision, one more than are looked into at most."""
    waiting, count = [PurePosixPath()], 0
    while waiting and count <= _MOST_FOLDERS:
        folder = waiting.pop()
        count += 1
        yield folder
        waiting += [folder / name for name in files.folders(folder)]


def _configs(files: GitFiles, folders: Iterable[PurePosixPath]) -> Iterator[PurePosixPath]:
    for folder in folders:
        for name in (FILE, PYPROJECT):
            place = folder / name
            if files.kind(place) == "file" and _is_config(place, files.content(place)):
                yield place


def _is_config(place: PurePosixPath, content: bytes) -> bool:
    try:
        return has_config(Path(place.name), content.decode("utf-8", "replace"))
    except SourceError:
        return False


def _is_config_now(path: Path) -> bool:
    try:
        return path.is_file() and _is_config(PurePosixPath(path.name), path.read_bytes())
    except OSError:
        return False


def _lock_at(files: GitFiles, place: PurePosixPath) -> Lock:
    if files.kind(place) != "file":
        return Lock(models={})
    text = files.content(place).decode("utf-8")
    with bounded(str(place), len(text)):
        return parse_lock(text)


def _model_at(
    files: GitFiles, folder: PurePosixPath, name: str, entry: ModelEntry, agreed: LockedModel | None
) -> LintedModel:
    if agreed is not None:
        return _agreed(name, entry, agreed)
    try:
        if entry.load:
            raise SourceError(masked(entry.source), "is to be loaded, and no entry in the lock")
        source = _source_at(files, folder, entry.source)
        model = api.read(source, key=entry.key, tags=entry.tags, infer=entry.infer)
        return _linted(name, entry, model.reader, select_signature(model))
    except SigcheckError as error:
        return _linted(name, entry, None, None, str(error))


def _source_at(files: GitFiles, folder: PurePosixPath, text: str) -> Source:
    if is_address(text):
        raise SourceError(masked(text), "an address, and no entry in the lock")
    source = Source.parse(str(_place(folder, text)), files)
    if pointer(source) is not None:
        raise SourceError(text, "a pointer of Git LFS, and no entry in the lock")
    return source


def _place(folder: PurePosixPath, text: str) -> PurePosixPath:
    """A path that the config in the folder names, from the top of the repository. Raises SourceError outside it."""
    parts = list(folder.parts)
    for part in PurePosixPath(text).parts:
        if part == "..":
            if not parts:
                raise SourceError(text, "outside the repository, and no entry in the lock")
            parts.pop()
        else:
            parts.append(part)
    if text.startswith("/"):
        raise SourceError(text, "outside the repository, and no entry in the lock")
    return PurePosixPath(*parts)


def _agreed(name: str, entry: ModelEntry, agreed: LockedModel) -> LintedModel:
    signature = agreed.signature if entry.infer else agreed.signature.without_inferred()
    return _linted(name, entry, agreed.reader, signature)


def _linted(
    name: str, entry: ModelEntry, reader: str | None, signature: Signature | None, problem: str | None = None
) -> LintedModel:
    """The model with the facts that its entry declares."""
    linted = LintedModel(
        name=name,
        source=masked(entry.source),
        location=Location(path=FILE),
        reader=reader,
        origin="lock" if signature is not None else "nowhere",
        problem=problem,
    )
    if signature is None:
        return linted
    try:
        return linted.model_copy(update={"signature": declare_entry(name, entry, signature)})
    except SigcheckError as error:
        return linted.model_copy(update={"problem": str(error), "origin": "nowhere"})
