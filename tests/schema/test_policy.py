from __future__ import annotations

import pytest

from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import Policy


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"loss": "x"},
            "Policy.loss: found 'x', expected 'exact', 'rounding', 'truncating' or 'irreversible'. Pass it so.",
        ),
        ({"lss": "exact"}, "Policy.lss: no such field, expected one that a policy has. Did you mean loss?"),
        ({"guard": []}, "Policy.guard: found [], expected True or False. Pass it so."),
        ({"deny": "cast"}, "Policy.deny: found 'cast', expected a tuple of the names of transforms. Pass it so."),
        (
            {"pad_value": float("nan")},
            "Policy.pad_value: found nan, expected a finite number, True, False or a text. Pass it so.",
        ),
        (
            {"pad_value": "\ud800"},
            "Policy.pad_value: found '\\ud800', expected a finite number, True, False or a text. Pass it so.",
        ),
    ],
)
def test_what_a_call_has_wrong_is_one_line(fields, said):
    with pytest.raises(UsageError) as raised:
        Policy(**fields)
    assert str(raised.value) == said


def test_every_field_says_what_it_takes():
    from sigcheck.schema import policy

    assert set(policy._EXPECTED) == set(Policy.model_fields)


def test_what_a_file_says_is_told_by_its_reader():
    with pytest.raises(ValueError, match="loss"):
        Policy.model_validate({"loss": "x"})


def test_what_is_said_of_one_input_holds_of_no_other():
    policy = Policy(loss="exact", losses={"mask": "irreversible"})
    assert [policy.of(name).loss for name in ("mask", "ids")] == ["irreversible", "exact"]
    assert policy.of("ids") == Policy(loss="exact")
    assert hash(policy) != hash(Policy(loss="exact"))


def test_it_is_written_as_a_table_and_only_where_it_says_something():
    policy = Policy(losses={"mask": "irreversible"})
    assert policy.model_dump(mode="json")["losses"] == {"mask": "irreversible"}
    assert Policy.model_validate(policy.model_dump(mode="json")) == policy
    assert "losses" not in Policy().model_dump(mode="json")


def test_a_loss_of_an_input_is_one_that_there_is():
    with pytest.raises(UsageError, match=r"Policy\.losses: found .* expected losses by input"):
        Policy(losses={"mask": "much"})
