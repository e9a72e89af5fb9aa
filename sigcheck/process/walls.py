"""Walls around a worker: the command line of bubblewrap, and what must be seen inside.

bubblewrap (`bwrap`) gives a process a file system, a network and processes of its own. The
worker sees the system's libraries, Python, the packages that it needs and what it is told to
read, nothing else: no home, no repository, no socket, no other process and so no other's
environment in `/proc`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sigcheck.process.program import find_program
from sigcheck.schema.walls import Wall, Walls

# The working folder, home and place for temporary files of a worker behind walls; it is in memory.
HOME = "/tmp/sigcheck-worker"  # noqa: S108  # of the worker's own /tmp
# What is written there takes memory, which no limit of a process counts.
_SCRATCH_BYTES = 2 * 2**30
# Where programs and libraries of a system lie. The links among them are made again.
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/nix/store", "/gnu/store"),
)
# What a worker imports.
_PACKAGES = ("sigcheck", "tensorflow", "keras", "numpy", "pydantic", "ml_dtypes")
_PACKAGE_FOLDERS = frozenset({"site-packages", "dist-packages"})
_NAMESPACES: Mapping[Wall, str] = {"files": "mnt", "network": "net", "processes": "pid"}


def find_builder() -> tuple[str | None, str | None]:
    """The path of bubblewrap, or why there is none."""
    if sys.platform != "linux":
        return None, "there is no bubblewrap for this system"
    found = find_program("bwrap", Path())
    if found is None:
        return None, "bubblewrap is not installed"
    return found, None


def import_path(readable: Sequence[str]) -> list[str]:
    """Where a worker looks for modules: the entries of this process's path that it sees, in their order."""
    seen = [*_visible(), *map(os.path.abspath, readable)]
    home = str(Path(__file__).parents[2])
    entries = [*map(os.path.abspath, filter(None, sys.path))]
    if home not in entries:
        entries.insert(0, home)
    return [entry for entry in entries if entry == home or any(_is_within(entry, folder) for folder in seen)]


def wrap(bwrap: str, command: Sequence[str], readable: Sequence[str], writable: Sequence[str]) -> list[str]:
    """The command behind walls. It reads `readable` and writes to `writable`, each where it is."""
    size = ["--size", str(_SCRATCH_BYTES)] if "--size" in _help(bwrap) else []
    arguments = [
        *(bwrap, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"),
        *(*size, "--tmpfs", "/tmp", "--dir", HOME),  # noqa: S108  # a /tmp of the worker's own
        *_system_arguments(),
        *(argument for path in _shortest((*_visible(), *readable)) for argument in ("--ro-bind", path, path)),
        *(argument for path in writable for argument in ("--bind", path, path)),
        *("--proc", "/proc", "--dev", "/dev", "--chdir", HOME, "--"),
    ]
    return [*arguments, *command]


def observe() -> dict[str, Any]:
    """What a process sees of its own walls: the names of its namespaces, and whether it can get privileges."""
    namespaces = {name: _namespace(name) for name in _NAMESPACES.values()}
    return {"namespaces": namespaces, "no_new_privileges": _has_no_new_privileges()}


def compare(inside: Mapping[str, Any]) -> Walls:
    """The walls between this process and one that observed this of itself."""
    own = observe()["namespaces"]
    theirs = inside.get("namespaces", {})
    standing: list[Wall] = [
        wall for wall, name in _NAMESPACES.items() if own[name] and theirs.get(name) and own[name] != theirs[name]
    ]
    if inside.get("no_new_privileges") is True:
        standing.append("privileges")
    return Walls(by="bubblewrap", standing=tuple(standing))


def files_of(model: Path) -> list[str]:
    """What has to be seen to load a model: its file or folder, and the blobs of a Hugging Face cache.

    A link that leads elsewhere is not followed: a model could point at anything.
    """
    path = Path(os.path.abspath(model))  # noqa: PTH100  # links stay as they are
    blobs = [folder / "blobs" for folder in path.parents if folder.name.startswith("models--")][:1]
    return [str(path), *(str(folder) for folder in blobs if folder.is_dir() and not folder.is_symlink())]


def _namespace(name: str) -> str | None:
    try:
        return os.readlink(f"/proc/self/ns/{name}")  # noqa: PTH115  # the link names no file
    except OSError:
        return None


def _has_no_new_privileges() -> bool:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "\nNoNewPrivs:\t1\n" in status


def _system_arguments() -> Iterator[str]:
    for path in _SYSTEM:
        if os.path.islink(path):  # noqa: PTH114  # paths are arguments here
            yield from ("--symlink", os.readlink(path), path)  # noqa: PTH115  # arguments, as the link has them
        elif os.path.exists(path):  # noqa: PTH110  # paths are arguments here
            yield from ("--ro-bind", path, path)


def _visible() -> list[str]:
    """The folders of Python and of the packages that a worker needs."""
    found = {os.path.realpath(sys.base_prefix), sys.base_prefix, sys.base_exec_prefix}
    found.add(str(Path(os.path.realpath(sys.executable)).parent.parent))
    for entry in map(os.path.abspath, filter(None, sys.path)):
        if Path(entry).name in _PACKAGE_FOLDERS:
            found.add(entry)
            continue
        for name in _PACKAGES:
            if os.path.isfile(os.path.join(entry, name, "__init__.py")):  # noqa: PTH113, PTH118  # many, at each start
                # Beside a clone of sigcheck lies the rest of a repository; beside TensorFlow what it imports.
                found.add(os.path.join(entry, name) if name == "sigcheck" else entry)  # noqa: PTH118  # a text for a command line
    found.add(str(Path(__file__).parents[1]))
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    found.update(filter(os.path.isabs, libraries))
    return sorted(path for path in filter(os.path.isdir, found) if path != os.sep)


def _shortest(paths: Iterable[str]) -> list[str]:
    """The paths without those that lie within another, and without those that the system's folders hold."""
    kept = list(filter(os.path.isdir, _SYSTEM))
    system = len(kept)
    for path in sorted(map(os.path.abspath, paths), key=len):
        if not any(_is_within(path, other) for other in kept):
            kept.append(path)
    return kept[system:]


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


@cache
def _help(bwrap: str) -> str:
    command = [bwrap, "--help"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  # no shell
    except (OSError, subprocess.SubprocessError):
        return ""
    return told.stdout + told.stderr
