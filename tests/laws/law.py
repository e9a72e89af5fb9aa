"""How a law is tried: on examples that Hypothesis draws, or on very many by number.

With `SIGCHECK_LAWS=full` in the environment each law is tried on the number of examples that its
figure asks for, each drawn from a generator seeded with its number; a failure names the number.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"


def hold(law: Callable[[Random], None], usual: int, full: int) -> None:
    """Tries the law on `usual` examples, or on `full` ones. Raises what the law raises."""
    if not IS_FULL:
        # A true generator from a drawn seed: values drawn one by one are mostly the simplest there are.
        drawn = given(st.randoms(use_true_random=True))(law)
        settings(
            max_examples=usual,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )(drawn)()
        return
    for number in range(full):
        _try_number(law, number)


def _try_number(law: Callable[[Random], None], number: int) -> None:
    try:
        law(Random(number))
    except AssertionError as error:
        raise AssertionError(f"example {number}: {error}") from error
