from __future__ import annotations

import pytest

from sigcheck.planning.matching import feed
from sigcheck.rules.match import unknown_text
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint
from tests.rules.conftest import CONSUMER, PRODUCER

PARSED = Inferred(name="meaning", value="serialized_example", tier="proved", reason="ParseExampleV2")
DECODED = Inferred(name="meaning", value="encoded_image", tier="proved", reason="DecodeJpeg")


def view_of(claim, gives=None, wants=None, dtype="string"):
    outputs = [Endpoint(name="text", spec=parse_spec(f"{dtype}[?]").replace(facts=Facts(**gives or {})))]
    spec = parse_spec("string[?]").replace(facts=Facts(**wants or {}))
    inputs = [Endpoint(name="examples", spec=spec, inferred=(claim,))]
    match = feed(outputs, inputs)
    return MatchView(PRODUCER, CONSUMER, tuple(outputs), tuple(inputs), match.bindings)


@pytest.mark.parametrize(("claim", "form"), [(PARSED, "serialized tf.Examples"), (DECODED, "files of images")])
def test_strings_of_unknown_form_are_no_pass(claim, form):
    view = view_of(claim)
    (binding,) = view.bindings
    assert (binding.verdict, binding.plan, len(binding.candidates)) == ("undecided", None, 1)
    (finding,) = unknown_text.find(view)
    assert (finding.place, finding.level) == ("examples", "error")
    assert finding.message.startswith(f"its graph takes {form} only ({claim.reason})")
    assert f"--fact producer.text.meaning={claim.value}" in finding.help


@pytest.mark.parametrize(
    ("gives", "wants"),
    [({"meaning": "serialized_example"}, {}), ({}, {"meaning": "bytes"})],
    ids=["the producer says so", "the consumer says otherwise"],
)
def test_what_is_declared_is_believed(gives, wants):
    view = view_of(PARSED, gives, wants)
    assert view.bindings[0].verdict == "fits"
    assert list(unknown_text.find(view)) == []


def test_numbers_are_no_text_of_unknown_form():
    view = view_of(PARSED, dtype="int32")
    assert view.bindings[0].verdict == "blocked"
    assert list(unknown_text.find(view)) == []
