from __future__ import annotations

import json
from pathlib import Path

from sigcheck import api
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.write import certify
from sigcheck.schema.certificate import Certificate
from tests.certificates.adapter import EXECUTED


def test_the_certificate_names_what_was_proved_and_no_place_of_this_machine(adapter):
    written = json.loads(certificate_path(adapter).read_text(encoding="utf-8"))
    assert [side["source"] for side in written["producers"]] == ["../models/encoder"]
    assert written["consumer"]["source"] == "../models/classifier.keras"
    assert (written["level"], written["cases"], written["seeds"]) == ("executed", 7, [5])
    assert written["sizes"] == {"output_0": [[3, 10]]}
    assert {"python", "numpy"} <= written["versions"].keys()
    assert len(written["sha256"]) == len(written["consumer"]["sha256"]) == 64
    assert str(Path.cwd()) not in json.dumps(written)


def test_a_preferred_filling_is_certified_and_planned_with_again(adapter):
    report = api.check("models/encoder", "models/classifier.keras", verify="typed")
    policy = api.Policy(pad_value="[PAD]", pad_side="pre")
    text = certify(EXECUTED, adapter, report.adapter.source, report.draft.sources, Terms(policy))
    assert Certificate.model_validate_json(text).policy == policy
