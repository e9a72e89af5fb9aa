from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import encode_base64

PLAIN, SAFE, RAW, FILE = ({"meaning": meaning} for meaning in ("base64", "base64_url", "bytes", "encoded_image"))
CASES = [
    ("string[?]", "string[?]", RAW, PLAIN),
    ("string[?, 2]", "string[?, 2]", RAW, SAFE),
    ("string[]", "string[]", FILE, SAFE),
]


@pytest.mark.parametrize(("gives", "wants"), [({}, PLAIN), (RAW, {}), (RAW, RAW), ({"meaning": "token_ids"}, PLAIN)])
def test_what_is_not_declared_to_be_bytes_and_wanted_as_text_is_left_alone(propose, gives, wants):
    assert propose("encode_base64", "string[?]", "string[?]", gives, wants) == []


@pytest.mark.parametrize(("form", "text"), [(PLAIN, b"+/8="), (SAFE, b"-_8")])
def test_the_two_forms_differ_in_letters_and_padding(propose, form, text):
    (step,) = propose("encode_base64", "string[?]", "string[?]", RAW, form)
    assert encode_base64.reference(step.result, step, np.asarray([b"\xfb\xff"], object)).tolist() == [text]


def test_one_form_leads_to_the_other_by_the_bytes():
    plain, safe = (parse_spec("string[?]").replace(facts=Facts(**form)) for form in (PLAIN, SAFE))
    assert str(search(plain, safe).plan) == "decode_base64(form=base64), encode_base64(form=base64_url)"
