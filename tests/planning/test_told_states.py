"""States that somebody tells: of which model each is, what it begins with, and what is refused in one line."""

from __future__ import annotations

import pytest

from sigcheck.planning.told_states import told_states
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature

STATE = "float32[1, 8]"


def named(name, inputs, outputs):
    sides = [tuple(Endpoint(name=n, spec=parse_spec(s)) for n, s in side.items()) for side in (inputs, outputs)]
    return name, Signature(inputs=sides[0], outputs=sides[1])


MODELS = [
    named("filter", {"x": "float32[1, 4]", "h": STATE}, {"y": "float32[1, 4]", "h_out": STATE}),
    named("shaper", {"y": "float32[1, 4]", "c": STATE}, {"z": "float32[1, 4]", "c_out": STATE}),
]
ALIKE = [MODELS[0], named("shaper", {"y": "float32[1, 4]", "h": STATE}, {"z": "float32[1, 4]", "h_out": STATE})]


def test_each_state_is_one_of_its_own_model():
    told = told_states(MODELS, {"h_out": "h", "c_out": "c"}, {"constant(0)": ["h", "c"], "y": "y"})
    assert [[str(one) for one in own] for own in told.states] == [
        ["h_out is h of the next call of filter"],
        ["c_out is c of the next call of shaper"],
    ]
    # What else is bound stays; what a state begins with feeds no link.
    assert told.bind == {"y": "y"}


def test_a_pair_holds_for_every_model_that_has_both_names_or_for_the_one_that_is_named():
    assert [len(own) for own in told_states(ALIKE, {"h_out": "h"}, {"constant(0)": "h"}).states] == [1, 1]
    one = told_states(ALIKE, {"shaper.h_out": "shaper.h"}, {"constant(0.5)": "shaper.h"})
    assert [[state.initial for state in own] for own in one.states] == [[], [0.5]]


def test_a_constant_of_an_input_that_is_no_state_everywhere_stays_one():
    models = [MODELS[0], named("shaper", {"y": "float32[1, 4]", "h": STATE}, {"z": "float32[1, 4]"})]
    told = told_states(models, {"h_out": "h"}, {"constant(0)": "h"})
    assert (len(told.states[0]), told.states[1], told.bind) == (1, (), {"constant(0)": "h"})


@pytest.mark.parametrize(
    ("state", "bind", "said"),
    [
        (
            {"h_out": "h"},
            {},
            "state h: nothing says what the first call is fed, expected a constant. Tell it, as with ",
        ),
        (
            {"h_out": "c"},
            {"constant(0)": "c"},
            "state h_out=c: no model gives the one and takes the other, expected a ",
        ),
        ({"gone": "h"}, {}, "state gone=h: no model gives 'gone'; it has 'c_out', 'h_out', 'y', 'z'. "),
        ({"h_out": "gone"}, {}, "state h_out=gone: no model takes 'gone'; it has 'c', 'h', 'x', 'y'. "),
        (
            {"y": "h"},
            {"constant(0)": "h"},
            "state y=h: float32[1, 4] is given, and the next call takes float32[1, 8]. ",
        ),
        (
            {"h_out": "h"},
            {"constant(true)": "h"},
            "bind constant(true, h_out)=h: True is no value of float32, expected ",
        ),
        (
            {"h_out": "h", "y": "h"},
            {"constant(0)": "h"},
            "state h: is h_out and y of the call before, expected one of them. Leave one out.",
        ),
        (
            {"c_out": "c"},
            {"constant(0)": "c", "y": "c"},
            "bind y=c: c is a state of shaper, which its own last call feeds; expected one of both. Leave one out.",
        ),
        ({"h_out": 0}, {}, "state: found 'h_out': 0, expected the input of the next call. Write it like "),
        (["h"], {}, "state: found a list, expected inputs by the outputs that they were. Write it like "),
        ({"h_out": ["h", "x"]}, {}, "state h_out: feeds two inputs, expected one. Name each state alone."),
    ],
)
def test_what_is_no_state_is_one_line(state, bind, said):
    with pytest.raises(UsageError) as caught:
        told_states(MODELS, state, bind)
    assert str(caught.value).startswith(said)
