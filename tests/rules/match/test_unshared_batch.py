from __future__ import annotations

from sigcheck.rules import find_all
from sigcheck.rules.match import unshared_batch
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from tests.rules.conftest import CONSUMER, PRODUCER


def bound(provided, required, steps=()):
    return Binding(
        provided=f"{required}_out",
        required=required,
        verdict="adapts" if steps else "fits",
        provided_spec=parse_spec(provided),
        required_spec=parse_spec("float32[?]"),
        plan=Plan(steps=steps),
    )


def test_an_input_of_another_batch_is_told_with_both(step):
    made = step("expand_dims", "float32[1]")
    scale = bound("float32[]", "scale", (made.model_copy(update={"layout": ((),)}),))
    view = MatchView(PRODUCER, CONSUMER, bindings=(bound("float32[?]", "user"), bound("float32[?]", "day"), scale))
    (finding,) = unshared_batch.find(view)
    assert (finding.place, finding.level) == ("scale", "error")
    assert finding.message == "it gets one example, and user and day the batch of user_out"
    assert finding.help == (
        "bind outputs of one batch; where the inputs share none, name the first axis otherwise, as with "
        "--fact consumer.scale.axes=a"
    )
    assert "unshared_batch" in [one.rule for one in find_all(view)]


def test_one_batch_is_not_told():
    view = MatchView(PRODUCER, CONSUMER, bindings=(bound("float32[?]", "user"), bound("float32[8]", "day")))
    assert list(unshared_batch.find(view)) == []
