"""Time limit: how long a proof may take, as the caller gives it."""

from __future__ import annotations

from sigcheck.schema.errors import UsageError

# In seconds: TensorFlow takes some ten to start, an adapter some tenths.
DEFAULT_TIMEOUT = 120.0
# In seconds. Beyond what one waits for, and far below what the clocks of all systems can hold.
LONGEST = 7 * 86_400.0


def require_time_limit(seconds: object) -> None:
    """Raises UsageError for what is no number of seconds above 0 and at most LONGEST: NaN and infinity too."""
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST:
        return
    expected = f"expected seconds above 0 and at most {LONGEST:.0f}, a week"
    raise UsageError("timeout", f"found {seconds!r}, {expected}. Write a number, such as 60.")
