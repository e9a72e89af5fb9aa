from __future__ import annotations

import pytest

from sigcheck.planning.texts import with_form
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint

PROVED = {"meaning": "serialized_example", "features": {"a": "float32[3]"}}


def endpoint(meaning):
    claims = tuple(
        Inferred(name=name, value=getattr(Facts.model_validate(PROVED), name), tier="proved", reason="ParseExample")
        for name in PROVED
    )
    return Endpoint(name="x", spec=parse_spec("string[?]").replace(facts=Facts(meaning=meaning)), inferred=claims)


def test_what_a_graph_parses_is_known_where_nothing_else_is_declared():
    facts = with_form(endpoint(None)).spec.facts
    assert (facts.meaning, isinstance(facts.features, Features)) == ("serialized_example", True)


@pytest.mark.parametrize("meaning", ["encoded_image", "wav", "csv", "serialized_tensor", "serialized_sequence_example"])
def test_of_another_form_that_is_declared_a_graph_says_nothing(meaning):
    facts = with_form(endpoint(meaning)).spec.facts
    assert (facts.meaning, facts.features) == (meaning, None)
