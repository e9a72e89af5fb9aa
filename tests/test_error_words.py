"""No message shows an error of the system as Python prints it: `[Errno 21] Is a directory: 'models'`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import sigcheck
from sigcheck.schema.system_error import system_words

FILES = sorted(Path(sigcheck.__file__).parent.rglob("*.py"))
SYSTEM = {"OSError", "IOError", "EnvironmentError", "FileNotFoundError", "IsADirectoryError", "PermissionError"}


def shown_errors(tree: ast.AST) -> Iterator[int]:
    """The lines where a handler of an OSError writes it into a text."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None or handler.type is None:
            continue
        if not SYSTEM & {one.id for one in ast.walk(handler.type) if isinstance(one, ast.Name)}:
            continue
        for one in ast.walk(handler):
            shown = one.value if isinstance(one, ast.FormattedValue) else None
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in {"str", "repr"}:
                shown = one.args[0] if one.args else None
            if isinstance(one, ast.Attribute) and one.attr == "strerror":
                shown = one.value
            if isinstance(shown, ast.Name) and shown.id == handler.name:
                yield one.lineno


def test_such_lines_are_found() -> None:
    source = "try:\n    f()\nexcept (OSError, ValueError) as error:\n    raise E(f'no: {error}') from None\n"
    assert list(shown_errors(ast.parse(source))) == [4]


def test_an_error_of_the_system_is_told_by_its_words() -> None:
    found = {str(file): list(shown_errors(ast.parse(file.read_text(encoding="utf-8")))) for file in FILES}
    assert {file: lines for file, lines in found.items() if lines} == {}


def test_the_words_of_an_error_that_has_none_are_not_none() -> None:
    assert system_words(OSError("no such host\nmore")) == "no such host"
    assert system_words(OSError()) == "OSError"
    assert system_words(NotADirectoryError(20, "Not a directory", "x")) == "Not a directory"
