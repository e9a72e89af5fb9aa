from __future__ import annotations

import doctest

from sigcheck.schema import constraint


def test_the_examples_of_the_docstrings():
    tried = doctest.testmod(constraint)
    assert tried.failed == 0
    assert tried.attempted
