"""Expressions drawn at random, each with the plain function that it stands for."""

from __future__ import annotations

from hypothesis import strategies as st

from sigcheck.sizes.choice import greater, less
from sigcheck.sizes.expression import constant, variable

N, M = variable("n"), variable("m")
SIZES = st.integers(0, 60)


@st.composite
def pairs(draw, depth=4):
    """An expression, and the plain function that it stands for."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(
            st.sampled_from(
                [
                    (N, lambda n, m: n),
                    (M, lambda n, m: m),
                    *[(constant(k), lambda n, m, k=k: k) for k in (0, 1, 2, 3, 7)],
                ]
            )
        )
    (one, first), (other, second) = draw(pairs(depth=depth - 1)), draw(pairs(depth=depth - 1))
    k = draw(st.integers(1, 6))
    return draw(
        st.sampled_from(
            [
                (one + other, lambda n, m: first(n, m) + second(n, m)),
                (one - other, lambda n, m: first(n, m) - second(n, m)),
                (one * k, lambda n, m: first(n, m) * k),
                (one // k, lambda n, m: first(n, m) // k),
                (-(-one // k), lambda n, m: -(-first(n, m) // k)),
                (one % k, lambda n, m: first(n, m) % k),
                (greater(one, other), lambda n, m: max(first(n, m), second(n, m))),
                (less(one, other), lambda n, m: min(first(n, m), second(n, m))),
            ]
        )
    )
