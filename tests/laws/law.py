"""How a law is tried: on examples that Hypothesis draws, or on very many by number.

With `SIGCHECK_LAWS=full` in the environment each law is tried on the number of examples that its
figure asks for, each drawn from a generator seeded with its number; a failure names the numbers.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# So many examples for which a law does not hold say enough.
MOST_FAILED = 20
IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"


def hold(law: Callable[[Random], None], usual: int, full: int) -> None:
    """Tries the law on `usual` examples, or on `full` ones. Raises what the law raises."""
    if IS_FULL:
        _hold_fully(law, full)
        return
    # A true generator from a drawn seed: values drawn one by one are mostly the simplest there are.
    drawn = given(st.randoms(use_true_random=True))(law)
    settings(
        max_examples=usual,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )(drawn)()


def _hold_fully(law: Callable[[Random], None], full: int) -> None:
    """Tries all examples, whatever some of them show, and says how many were tried."""
    start, tried = time.monotonic(), 0
    failed: list[str] = []
    while tried < full and len(failed) < MOST_FAILED:
        found = _failure(law, tried)
        # Said at once: what is left of a full run may take hours.
        sys.stdout.writelines(f"{line}\n" for line in found)
        sys.stdout.flush()
        failed += found
        tried += 1
    seconds = time.monotonic() - start
    name = law.__qualname__.partition(".")[0]
    sys.stdout.write(f"{law.__module__}, {name}: {tried} examples, {len(failed)} failed, {seconds:.0f} s\n")
    sys.stdout.flush()
    assert not failed, "\n".join(failed)


def _failure(law: Callable[[Random], None], number: int) -> list[str]:
    try:
        law(Random(number))
    except Exception as error:  # noqa: BLE001  # one that ends in any error is one that the law does not hold for
        return [f"example {number}: {type(error).__name__}: {error}"]
    return []
