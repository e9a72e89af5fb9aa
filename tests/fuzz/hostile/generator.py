"""Generator: makes files that no exporter writes and no mutation makes.

Tables that overlap, references that repeat, headers that announce more than is there, names and blanks by the
thousand. Each module beside this one has those of one format, by the name of the file that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# Takes a size, about that of the file in bytes, and a random generator that varies it.
Generator = Callable[[int, Random], bytes]
