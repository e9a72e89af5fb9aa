from __future__ import annotations

from sigcheck.schema.policy import Policy

MANY, FEW = {"id_count": 50000}, {"id_count": 30522}


def test_too_many_ids_are_an_error_that_names_the_permission(only, step):
    nearest = [step("guard_ids", "int32[?]", guard="every id is from 0 to 30521", facts=FEW, count=30522)]
    finding = only("int32[?]", "int32[?]", gives=MANY, wants=FEW, nearest=nearest)
    assert (finding.level, finding.rule) == ("error", "id_out_of_vocabulary")
    assert finding.message == "required ids below 30522, provided below 50000"
    assert finding.help == "guard_ids(count=30522) would do it; allow it with --allow guard_ids"


def test_a_permitted_guard_is_a_warning(found, step):
    guard = step("guard_ids", "int32[?]", guard="every id is from 0 to 30521", facts=FEW)
    policy = Policy(allow=("guard_ids",))
    assert found("int32[?]", "int32[?]", guard, gives=MANY, wants=FEW, policy=policy) == [
        "warning id_out_of_vocabulary"
    ]


def test_fewer_ids_fit(found):
    assert found("int32[?]", "int32[?]", gives=FEW, wants=MANY, verdict="fits") == []


def test_rows_that_are_filled_with_no_id_of_the_consumer_say_what_to_declare(only):
    gives = {"meaning": "token_ids", "padding": {"value": -1, "side": "pre"}}
    finding = only("int32[?, 4]", "int32[?, 4]", gives=gives, wants={"meaning": "token_ids", **FEW}, verdict="blocked")
    assert finding.message == "required ids below 30522, provided rows that are filled with -1"
    assert """declare it, as with --fact 'consumer.x.padding={"value":-1,"side":"pre"}'""" in finding.help
    assert """--fact 'consumer.x.padding={"value":0,"side":"pre"}'""" in finding.help


def test_the_filling_is_told_to_its_last_digit(only):
    ids = {"meaning": "token_ids"}
    gives, wants = {**ids, "padding": {"value": 1234567}}, {**ids, "id_count": 1234567}
    finding = only("int32[?, 4]", "int32[?, 4]", gives=gives, wants=wants, verdict="blocked")
    assert finding.message == "required ids below 1234567, provided rows that are filled with 1234567"


def test_rows_that_are_filled_with_no_number_are_told_so(only):
    gives = {"meaning": "token_ids", "padding": {"value": "nan"}}
    finding = only("float32[?, 4]", "float32[?, 4]", gives=gives, wants=FEW, verdict="blocked")
    assert finding.message == "required ids below 30522, provided rows that are filled with nan"


def test_a_count_and_a_range_that_leave_no_id_agree_with_nothing(only):
    none = {**FEW, "range": (40000, 50000)}
    finding = only("int32[?]", "int32[?]", gives=MANY, wants=none, verdict="blocked")
    assert finding.message == "required ids below 30522 from 40000 to 50000, of which there are none"
    assert finding.help == "correct the id_count or the range of the consumer"
    finding = only("int32[?]", "int32[?]", gives=none, wants=MANY, verdict="blocked")
    assert finding.message == "provided ids below 30522 from 40000 to 50000, of which there are none"
    assert finding.help == "correct the id_count or the range of the producer"
