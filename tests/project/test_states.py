"""Models of a project that keep states: each fits itself, and no two of them swap theirs."""

from __future__ import annotations

from sigcheck.project.lint import lint

STATE = "float32[1, 2, 128, 2]"
MODELS = {
    "encoder": None,
    "classifier": None,
    "one": f"""\
inputs = {{ mag = "float32[1, 257]", s = "{STATE}" }}
outputs = {{ mask = "float32[1, 257]", s_out = "{STATE}" }}
""",
    "two": f"""\
inputs = {{ part = "float32[1, 257]", t = "{STATE}" }}
outputs = {{ out = "float32[1, 257]", t_out = "{STATE}" }}
""",
}


def config(one="", two=""):
    return f"""\
[models.one]
source = "one.toml"
{one}
[models.two]
source = "two.toml"
{two}
[[links]]
from = "one"
to = "two"
"""


STATES = ('state = { "s_out" = "s" }\ninitial = { s = 0 }', 'state = { "t_out" = "t" }\ninitial = { t = 0 }')


def fed(result):
    return {
        link.name: {one.required: one.provided for one in link.check.bindings} for link in result.links if link.check
    }


def test_states_stay_in_their_model(project):
    result = lint(project(config(*STATES), **MODELS), verify="typed")
    assert fed(result) == {"one -> two": {"part": "mask"}, "one -> one": {"s": "s_out"}, "two -> two": {"t": "t_out"}}
    assert result.exit_code == 0


def test_without_them_the_state_of_one_would_be_that_of_the_other(project):
    assert fed(lint(project(config(), **MODELS), verify="typed"))["one -> two"] == {"part": "mask", "t": "s_out"}


def test_a_state_of_another_shape_is_an_error_of_the_model(project):
    result = lint(project(config(STATES[0].replace("s_out", "mask")), **MODELS), verify="typed")
    (problem,) = (link.problem for link in result.links if link.name == "one -> one")
    assert problem.startswith("state mask=s: float32[1, 257] is given, and the next call takes float32[1, 2, 128, 2]")
    assert result.exit_code == 2


def test_a_state_without_a_beginning_is_an_error(project):
    result = lint(project(config(STATES[0].partition("\n")[0]), **MODELS), verify="typed")
    (problem,) = (link.problem for link in result.links if link.name == "one -> one")
    assert problem.startswith("state s: nothing says what the first call is fed")
