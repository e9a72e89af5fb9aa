from __future__ import annotations

import doctest
import itertools

import pytest

from sigcheck.schema import size_text
from sigcheck.sizes import decide, renamed, stated
from sigcheck.sizes.decide import Given
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.stated import Stated, expressed

H, W = Variable("h"), Variable("w")


@pytest.mark.parametrize("module", [stated, decide, renamed, size_text])
def test_the_examples_of_the_docstrings(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "text",
    [
        "h % 4 == 0 and h >= 8 or h == 2",
        "3 <= h < 6",
        "h != w",
        "2*(h // 2) + 1 > w % 3",
        "min(h, w) == max(2, h - 1)",
        "h**2 <= 3*w",
        "h // w == 2",
    ],
)
def test_a_text_means_what_python_makes_of_it(text):
    told = Stated.of(text)
    for h, w in itertools.product(range(1, 9), repeat=2):
        assert told.holds({H: h, W: w}) == eval(text, {"h": h, "w": w, "min": min, "max": max})


@pytest.mark.parametrize("demand", ["h % 4 == 0", "h // 2 >= 3", "h != 7", "2*h % 2 == 0", "h % 2 == 1 and h >= 9"])
@pytest.mark.parametrize("given", ["h % 8 == 0", "h % 8 == 2", "h >= 6", "h <= 5", "h % 2 == 1"])
def test_what_is_decided_is_so_for_every_size(demand, given):
    one, other = Stated.of(demand), Stated.of(given)
    met = {one.holds({H: n}) for n in range(1, 200) if other.holds({H: n})}
    assert decide.decide(one, Given.of([other])) is (None if len(met) == 2 else met.pop())


def test_what_none_meets_together_is_found():
    given = Given.of([Stated.of("h % 2 == 0")])
    assert decide.decide(Stated.of("h % 4 == 1"), given) is False
    assert decide.decide(Stated.of("h >= 100"), given) is None
    assert decide.decide(Stated.of("w == 1"), given) is None


def test_beyond_so_many_numbers_nothing_is_tried():
    given = Given()
    found = [decide.decide(Stated.of(f"h % 3000 == {rest} and h % 3000 == {rest + 1}"), given) for rest in range(99)]
    assert (found[0], found[-1]) == (False, None)
    assert given.left <= 0


@pytest.mark.parametrize("text", ["h // 0 == 1", "2**8 * 2**8 * 2**8 * 2**8 * 2**8 * 2**8 * 2**8 * 2**8 == h"])
def test_what_cannot_be_kept_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Stated.of(text)


def test_other_sizes_are_put_in():
    assert str(Stated.of("t % 4 == 0", names={"t": expressed("2*(h // 2)")})) == "2*(h // 2) - 4*(h // 4) == 0"
