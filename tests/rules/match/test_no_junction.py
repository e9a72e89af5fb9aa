from __future__ import annotations

import pytest

from sigcheck.planning.fans import Unjoined
from sigcheck.planning.matching import feed
from sigcheck.rules import find_all
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint

SIDE = Side(source="a", reader="keras", key="default")
NONE = "no junction"
RAGGED = (
    "only dense tensors are joined and parted: give the ragged one as dense, with to_tensor(shape=...) in the producer"
)
GUARD = "all sizes but that of the axis are equal"


def test_what_differs_is_an_error_at_the_input():
    outputs = tuple(Endpoint(name=name, spec=parse_spec("float32[?, 2]")) for name in "abcdef")
    x = Endpoint(name="x", spec=parse_spec("float32[?, 9]"))
    unjoined = (Unjoined(outputs, (x,), problem="the sizes differ"),)
    (finding,) = find_all(MatchView(SIDE, SIDE, outputs, (x,), unjoined=unjoined))
    assert (finding.rule, finding.level, finding.place) == ("no_junction", "error", "x")
    assert (finding.message, finding.required) == ("the sizes differ", "x: float32[?, 9]")
    assert finding.provided.endswith("d: float32[?, 2] and 2 more")
    assert finding.help.startswith("correct the binding")


@pytest.mark.parametrize(
    ("parts", "required", "told", "policy", "message", "cure"),
    [
        (
            ["ragged int32[?, None]", "ragged int32[?, None]"],
            "int32[?, 8]",
            None,
            {},
            f"{NONE} of a ragged int32[?, None], b ragged int32[?, None] is x int32[?, 8]",
            RAGGED,
        ),
        (
            ["int32[?, 3]", "sparse int32[?, 5]"],
            "int32[?, 8]",
            "concat(a, b, axis=1)",
            {},
            "concat(a, b, axis=1): part 2 is sparse int32[?, 5], expected a dense tensor of known dtype and rank",
            RAGGED.replace("ragged", "sparse").replace("to_tensor(shape=...)", "tf.sparse.to_dense"),
        ),
        (
            ["ragged int32[?, None]", "int32[?]"],
            "ragged int32[?, None]",
            None,
            {},
            f"{NONE} of a ragged int32[?, None], b int32[?] is x ragged int32[?, None]",
            RAGGED,
        ),
        (
            ["float32[?, 3]", "float64[?, 5]"],
            ("int8[?, 8]", {"quantization": {"scale": [0.5, *[0.25] * 7], "zero_point": [0] * 8, "axis": 1}}),
            None,
            {},
            "concat(a, b, axis=1): the input is quantized along an axis, and the parts differ",
            "give parts that are not quantized, with the same facts: the whole is quantized then",
        ),
        (
            ["float32[?, 3]", "float32[?, 5]"],
            "float32[?, 8]",
            None,
            {"deny": ("concat",)},
            "concat(a, b, axis=1): the policy denies concat",
            "leave out --deny concat, or bind other outputs",
        ),
        (
            ["float32[?, 2]", "float32[?, 2]"],
            "float32[?, 2, 2]",
            "stack(a, b, axis=1)",
            {"deny": ("stack",)},
            "stack(a, b, axis=1): the policy denies stack",
            "leave out --deny stack, or bind other outputs",
        ),
        (
            ["float32[?, ?, 3]", "float32[?, ?, 5]"],
            "float32[?, ?, 8]",
            None,
            {"guard": False},
            f"concat(a, b, axis=2): it needs a guard ({GUARD}), which the policy does not allow",
            "leave out --no-guard",
        ),
    ],
)
def test_what_is_not_joined_says_what_to_do(parts, required, told, policy, message, cure):
    outputs = tuple(Endpoint(name=name, spec=parse_spec(spec)) for name, spec in zip("ab", parts, strict=True))
    text, facts = required if isinstance(required, tuple) else (required, {})
    x = Endpoint(name="x", spec=parse_spec(text).replace(facts=Facts.model_validate(facts)))
    allowed = Policy(**policy)
    match = feed(outputs, (x,), {"a": "x", "b": "x"} if told is None else {told: "x"}, allowed)
    (finding,) = find_all(MatchView(SIDE, SIDE, outputs, (x,), unjoined=match.unjoined, policy=allowed))
    assert (match.unjoined[0].verdict, finding.message, finding.help) == ("blocked", message, cure)
