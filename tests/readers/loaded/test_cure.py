"""What to do about a model that is not loaded."""

from __future__ import annotations

import pytest

from sigcheck.readers.loaded.cure import cure, in_short


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("TypeError: Could not locate class 'Mine'. Make sure of it.", "--load --import MODULE"),
        ("ValueError: Unknown layer: 'Mine'. Register it", "--load --import MODULE"),
        ("ValueError: The `lambda` is not allowed", "--load --lambda NAME"),
        ("OSError: no such file", "in Python"),
    ],
)
def test_what_keras_says_has_one_cure(reason, told):
    assert told in cure(reason)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            "TypeError: config={'a': 1}. Could not locate class 'Mine'. Make sure of it.",
            "Could not locate class 'Mine'",
        ),
        ("OSError: no such file", "OSError: no such file"),
        ("Could not locate", "Could not locate"),
    ],
)
def test_the_config_around_it_is_left_out(reason, told):
    assert in_short(reason) == told
