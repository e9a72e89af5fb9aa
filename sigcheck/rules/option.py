"""Options of the command line, as a help says them: ready to be pasted into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from string import ascii_lowercase

# The padding that most models mean, as an example to correct.
FILLING_ZERO = '{"value":0}'


def fact_option(side: str, name: str, fact: str, value: str) -> str:
    """`--fact SIDE.NAME.FACT=VALUE`, quoted where the shell would read more into it.

    >>> fact_option("consumer", "x", "range", "0,255")
    '--fact consumer.x.range=0,255'
    """
    return f"--fact {shlex.quote(f'{side}.{name}.{fact}={value}')}"


def bind_option(output: str, name: str) -> str:
    """`--bind OUT=IN`, quoted where needed."""
    return f"--bind {shlex.quote(f'{output}={name}')}"


def axes_options(output: str, name: str, perm: Sequence[int] | None = None) -> str:
    """The two declarations of axes; with `perm`, letters in the orders that mean this transpose.

    >>> axes_options("out", "x", (0, 2, 1))
    '--fact producer.out.axes=a,b,c and --fact consumer.x.axes=a,c,b'
    """
    if perm is None or len(perm) > len(ascii_lowercase):
        ours = theirs = "NAME,NAME,..."
    else:
        letters = ascii_lowercase[: len(perm)]
        ours, theirs = ",".join(letters), ",".join(letters[axis] for axis in perm)
    return f"{fact_option('producer', output, 'axes', ours)} and {fact_option('consumer', name, 'axes', theirs)}"
