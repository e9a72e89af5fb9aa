from __future__ import annotations

import doctest

import sigcheck.schema.junction
from sigcheck.schema.junction import Junction


def test_the_examples_run():
    assert doctest.testmod(sigcheck.schema.junction).failed == 0


def test_odd_names_are_quoted():
    assert str(Junction(kind="share", outputs=('say "x", \\',))) == 'share("say \\"x\\", \\\\")'
