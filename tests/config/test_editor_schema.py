from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from sigcheck.config.editor_schema import write_editor_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "sigcheck.schema.json"
SAMPLE = Path(__file__).parents[2] / "fixtures" / "project" / "sigcheck.toml"


def parse(text):
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def test_the_published_schema_is_that_of_the_code():
    assert PUBLISHED.read_text(encoding="utf-8") == write_editor_schema()


def test_it_is_a_schema_and_takes_the_sample():
    schema = json.loads(write_editor_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "urn:sigcheck:config"
    jsonschema.validate(parse(SAMPLE.read_text(encoding="utf-8")), schema)


@pytest.mark.parametrize(
    "text",
    [
        '[[links]]\nfrom = "a"',
        '[models.a]\nsource = "a"\nsorce = "b"',
        '[rules]\nlossy_cast = "loud"',
        '[models.a]\nsource = "a"\ninputs.x = { origins = { range = "read" } }',
    ],
)
def test_it_refuses_what_is_wrong(text):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(parse(text), json.loads(write_editor_schema()))
