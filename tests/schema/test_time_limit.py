from __future__ import annotations

import math

import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.schema.time_limit import LONGEST, require_time_limit


@pytest.mark.parametrize("seconds", [0.001, 60, LONGEST])
def test_a_number_of_seconds_passes(seconds):
    require_time_limit(seconds)


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf, 1e300, LONGEST + 1, True, None, "60"])
def test_anything_else_is_refused_in_words(seconds):
    with pytest.raises(UsageError, match=r"^timeout: found .*, expected seconds above 0 and at most 604800, a week\."):
        require_time_limit(seconds)
