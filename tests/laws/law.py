"""How a law is tried: on examples that Hypothesis draws, or on very many by number.

With `SIGCHECK_LAWS=full` in the environment each law is tried on the number of examples that its
figure asks for, each drawn from a generator seeded with its number; a failure names the numbers.
`SIGCHECK_LAWS=805,13973` tries those examples only.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# So many examples for which a law does not hold say enough.
MOST_FAILED = 20
_WANTED = os.environ.get("SIGCHECK_LAWS", "")
IS_FULL = _WANTED == "full"
NUMBERS = tuple(map(int, _WANTED.split(","))) if _WANTED[:1].isdigit() else ()


def hold(law: Callable[[Random], None], usual: int, full: int) -> None:
    """Tries the law on `usual` examples, or on `full` ones. Raises what the law raises."""
    if IS_FULL or NUMBERS:
        _hold_for(law, NUMBERS or range(full))
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


def _hold_for(law: Callable[[Random], None], numbers: Iterable[int]) -> None:
    """Tries the examples of these numbers, whatever some of them show, and says how many were tried."""
    start, tried = time.process_time(), 0
    failed: list[str] = []
    for number in numbers:
        if len(failed) == MOST_FAILED:
            break
        found = _failure(law, number)
        # Said at once: what is left of a full run may take hours.
        sys.stdout.writelines(f"{line}\n" for line in found)
        sys.stdout.flush()
        failed += found
        tried += 1
    seconds = time.process_time() - start
    name = law.__qualname__.partition(".")[0]
    sys.stdout.write(f"{law.__module__}, {name}: {tried} examples, {len(failed)} failed, {seconds:.0f} s of CPU\n")
    sys.stdout.flush()
    assert not failed, "\n".join(failed)


def _failure(law: Callable[[Random], None], number: int) -> list[str]:
    try:
        law(Random(number))
    except Exception as error:  # noqa: BLE001  # one that ends in any error is one that the law does not hold for
        return [f"example {number}: {type(error).__name__}: {error}"]
    return []
