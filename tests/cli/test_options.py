from __future__ import annotations

from typing import get_args

import click
import pytest

from sigcheck import api, transforms
from sigcheck.cli.check import check
from sigcheck.cli.check_keywords import check_keywords, parse_bindings
from sigcheck.cli.options import ASSUME, LEVELS, LOSSES, TRUSTED
from sigcheck.schema import cost
from sigcheck.schema.errors import UsageError
from sigcheck.schema.loading import Loading
from sigcheck.schema.policy import Assume, Policy

PLAIN = {
    "bind": (),
    "const": (),
    "fact": (),
    "facts_files": (),
    "loss": (),
    "assume": "explained",
    "no_guard": False,
    "deny": (),
    "allow": (),
    "pad_value": None,
    "pad_side": None,
    "trust": (),
    "max_length": None,
    "verify": None,
    "timeout": 120.0,
    "load": False,
    "imports": (),
    "lambdas": (),
    "no_infer": False,
    "example": None,
    "is_mapped": False,
    "map_producer": False,
}


def test_the_copies_are_those_of_the_heavy_modules():
    assert get_args(api.VerifyLevel) == LEVELS
    assert cost.LOSSES == LOSSES
    assert get_args(Assume) == ASSUME
    assert get_args(get_args(Policy.model_fields["trust"].annotation)[0]) == TRUSTED


def test_the_page_of_help_names_what_needs_permission():
    page = " ".join(check.get_help(click.Context(check)).split())
    assert f"where it needs permission: {', '.join(transforms.BY_PERMISSION)}." in page


def test_without_options_the_defaults_of_the_library_hold():
    assert check_keywords(PLAIN) == {
        "bind": None,
        "policy": Policy(),
        "facts": None,
        "verify": None,
        "timeout": api.DEFAULT_TIMEOUT,
        "load": False,
        "infer": True,
        "example": None,
        "map": False,
    }


def test_every_option_reaches_the_call():
    keywords = check_keywords(
        PLAIN
        | {
            "bind": ("a=x", "b=y"),
            "fact": ("producer.a.range=0,1",),
            "loss": ("exact", "mask=irreversible"),
            "assume": "error",
            "no_guard": True,
            "deny": ("pad",),
            "allow": ("guard_ids",),
            "pad_value": "-1",
            "pad_side": "pre",
            "trust": ("observed",),
            "max_length": "auto:99.9%",
            "verify": "traced",
            "timeout": 5.0,
            "load": True,
            "imports": ("mine.layers",),
            "lambdas": ("halve",),
            "no_infer": True,
            "example": "pair.npz",
            "is_mapped": True,
        }
    )
    assert keywords == {
        "bind": {"a": "x", "b": "y"},
        "policy": Policy(
            loss="exact",
            losses={"mask": "irreversible"},
            assume="error",
            guard=False,
            deny=("pad",),
            allow=("guard_ids",),
            pad_value=-1,
            pad_side="pre",
            trust=("observed",),
            max_length="auto:99.9%",
        ),
        "facts": {"producer": {"a": {"range": [0, 1]}}},
        "verify": "traced",
        "timeout": 5.0,
        "load": Loading(imports=("mine.layers",), lambdas=("halve",)),
        "infer": False,
        "example": "pair.npz",
        "map": True,
    }


@pytest.mark.parametrize("pairs", [["a"], ["=x"], ["a="], ["a=x", "a=x"], ["concat(a, b, axis=1)"]])
def test_a_binding_is_a_pair_of_names_that_stands_once(pairs):
    with pytest.raises(UsageError, match="--bind"):
        parse_bindings(pairs)


def test_several_outputs_of_one_input_and_several_inputs_of_one_output_are_bound_in_the_order_written():
    pairs = ["b=x", "a=x", "c=y", "c=z", "concat(d, e, axis=-1)=w"]
    bound = parse_bindings(pairs)
    assert list(bound.items()) == [("b", "x"), ("a", "x"), ("c", ["y", "z"]), ("concat(d, e, axis=-1)", "w")]


@pytest.mark.parametrize("option", ["deny", "allow"])
def test_an_unknown_transform_names_the_nearest(option):
    with pytest.raises(UsageError, match=rf"--{option}: no transform 'truncat'\. Did you mean truncate\?"):
        check_keywords(PLAIN | {option: ("truncat",)})


def test_a_junction_can_be_denied_and_needs_no_permission():
    assert check_keywords(PLAIN | {"deny": ("concat", "pad")})["policy"].deny == ("concat", "pad")
    with pytest.raises(UsageError, match=r"--deny: no transform 'unstak'\. Did you mean unstack\?"):
        check_keywords(PLAIN | {"deny": ("unstak",)})
    with pytest.raises(UsageError, match="--allow: no transform 'concat'"):
        check_keywords(PLAIN | {"allow": ("concat",)})


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("-1.5", -1.5), ("true", True), ("[PAD]", "[PAD]"), ('"0"', "0"), ("", "")]
)
def test_a_filling_is_a_number_a_truth_value_or_a_text(text, value):
    assert check_keywords(PLAIN | {"pad_value": text})["policy"].pad_value == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "null", "[1]", '{"value": 0}'])
def test_a_filling_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match=r"--pad-value: found .*expected a finite number"):
        check_keywords(PLAIN | {"pad_value": text})


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (("much",), "found 'much', expected LEVEL or IN=LEVEL"),
        (("mask=much",), "found 'mask=much', expected LEVEL or IN=LEVEL"),
        (("=exact",), "found '=exact', expected LEVEL or IN=LEVEL"),
        (("mask=exact", "mask=rounding"), "'mask' stands twice, expected once"),
    ],
)
def test_a_loss_is_a_level_or_that_of_one_input(written, problem):
    with pytest.raises(UsageError, match="--loss") as raised:
        check_keywords(PLAIN | {"loss": written})
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"imports": ("mine",)}, "^--import: given without --load"),
        ({"lambdas": ("halve",)}, "^--lambda: given without --load"),
        ({"load": True, "imports": ("a b",)}, "^--import: .*'a b' is no name of a module"),
        ({"load": True, "lambdas": ("",)}, "^--lambda: "),
    ],
)
def test_what_loading_is_told_is_looked_at(options, problem):
    with pytest.raises(UsageError, match=problem):
        check_keywords(PLAIN | options)
