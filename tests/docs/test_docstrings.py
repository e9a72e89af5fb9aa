"""What the Python API's page makes of docstrings and types."""

from __future__ import annotations

import doctest
from typing import Annotated, Literal, Optional

import docstrings
import pytest
from docstrings import with_marked_code, without_checks


def test_the_examples_run():
    assert doctest.testmod(docstrings).failed == 0


def test_prose_is_left_alone():
    lines = ["A sentence that", "goes on.", "", "Another."]
    assert with_marked_code(lines) == lines


def test_an_indented_continuation_is_no_code():
    lines = ["- a point that", "    goes on"]
    assert with_marked_code(lines) == lines


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (int, int),
        (Annotated[int, "positive"], int),
        (Literal["a", "b"], Literal["a", "b"]),
        (Optional[Annotated[int, "positive"]], Optional[int]),  # noqa: UP045  # both spellings occur
        (dict[str, tuple[Annotated[float, "finite"], ...]], dict[str, tuple[float, ...]]),
    ],
)
def test_types_are_told_without_their_checks(kind, plain):
    assert without_checks(kind) == plain
