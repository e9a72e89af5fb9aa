"""Length choice: what each length that rows may be cut and padded to costs."""

from __future__ import annotations

from sigcheck.schema.value import Value


class LengthCandidate(Value):
    """A length and why it is one; shares from 0 to 1 of rows cut, of entries lost, of what is computed for nothing."""

    length: int
    why: str
    cut: float
    lost: float
    padding: float
    is_recommended: bool = False


class LengthChoice(Value):
    """The lengths to choose from for one input, by the lengths of the rows that were seen of what feeds it.

    `share` is that of the rows that the recommended one keeps whole at least, `most` what the input takes at most.
    """

    provided: str
    required: str
    rows: int
    share: float
    most: int | None = None
    candidates: tuple[LengthCandidate, ...] = ()
