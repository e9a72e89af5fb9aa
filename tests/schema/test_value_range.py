import pytest

from sigcheck.schema.facts import Facts, Normalization
from sigcheck.schema.value_range import is_of_raw_values, value_range

NUMBERS = {"mean": [0.0, 100.0], "std": [1.0, 50.0]}


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        (Facts(), None),
        (Facts(range=(0, 255)), (0, 255)),
        (Facts(normalization=NUMBERS), None),
        (Facts(range=(0, 100), normalization=NUMBERS), (-2, 100)),
        (Facts(normalization={**NUMBERS, "raw_range": (0, 100)}), (-2, 100)),
        # Beside a raw range the other is of the values: it may be narrower.
        (Facts(range=(-1, 50), normalization={**NUMBERS, "raw_range": (0, 100)}), (-1, 50)),
    ],
)
def test_the_values_of_all_channels_lie_between_their_ends(facts, ends):
    assert value_range(facts) == ends


def test_a_range_is_of_raw_values_where_the_normalization_has_none():
    numbers = Normalization(mean=0.0, std=1.0)
    assert is_of_raw_values(Facts(range=(0, 1), normalization=numbers))
    assert not is_of_raw_values(Facts(range=(0, 1), normalization=numbers.model_copy(update={"raw_range": (0, 1)})))
    assert not is_of_raw_values(Facts(range=(0, 1)))


def test_ends_beyond_all_floats_are_not_known():
    numbers = {"mean": 1e308, "std": 0.1, "raw_range": (0, 255)}
    assert value_range(Facts(normalization=numbers)) is None
