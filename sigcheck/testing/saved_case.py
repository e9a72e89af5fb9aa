"""Saved cases: the failing tensors of an adapter that a person wrote, and the line that repeats the failure."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sigcheck.schema.report import Failure
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.system_error import system_words


def explain_case(
    failure: Failure, name: str, provided: tuple[Endpoint, ...], *, is_bare: bool = False
) -> Iterator[str]:
    """Yields lines with the smallest tensors, where they were saved, and how to run `name` on them.

    `name` is a function, which takes a dict or, where `is_bare`, one tensor; or a file.

    The file lies in the folder for temporary files, under a name made of its content, so that
    the same failure is saved once.
    """
    example = failure.counterexample
    if example is None:
        return
    for tensor, text in example.tensors.items():
        yield f"    smallest  {tensor} = {text}"
    if example.npz is None:
        return
    packed = base64.b64decode(example.npz)
    path = Path(tempfile.gettempdir(), f"sigcheck-{hashlib.sha256(packed).hexdigest()[:12]}.npz")
    try:
        _write(path, packed)
    except OSError as error:
        yield f"    not saved  {path}: {system_words(error)}"
        return
    yield f"    saved     {path}"
    if all(endpoint.spec.kind == "dense" for endpoint in provided):
        loaded = f"numpy.load({str(path)!r})"
        arrays = f"{loaded}[{provided[0].name!r}]" if is_bare else f"dict({loaded})"
        is_file = name.endswith(".py")
        function = f"runpy.run_path({name!r})['adapt']" if is_file else name
        yield f"    again     {function}({arrays})"


def _write(path: Path, packed: bytes) -> None:
    """Writes a file that is not there yet: the folder is everybody's, and what lies there may be a link of anybody."""
    try:
        with path.open("xb") as file:
            file.write(packed)
    except FileExistsError:
        if path.is_symlink() or not path.is_file() or path.read_bytes() != packed:
            raise
