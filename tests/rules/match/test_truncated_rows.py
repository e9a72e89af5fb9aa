from __future__ import annotations


def test_rows_that_are_refused_are_told(found, match, step):
    dense = step("ragged_to_dense", "int32[?, 12]", guard="no row is longer than 12")
    assert found("ragged int32[?, None]", "int32[?, 12]", dense) == ["warning kind_mismatch", "warning truncated_rows"]


def test_the_message_says_what_happens(match, step):
    from sigcheck.rules.match import truncated_rows

    refused = step("ragged_to_dense", "int32[?, 12]", guard="no row is longer than 12")
    cut = step("ragged_to_dense", "int32[?, 12]", loss="truncating")
    for dense, message in (
        (refused, "rows longer than 12 on axis 1 are refused at run time"),
        (cut, "rows longer than 12 on axis 1 lose what is beyond"),
    ):
        (finding,) = truncated_rows.find(match("ragged int32[?, None]", "int32[?, 12]", dense))
        assert finding.message == message


def test_a_known_size_beyond_the_policy_is_an_error_that_names_what_opens_it(only, step):
    nearest = [step("truncate", "int32[?, 100]", loss="truncating", size=100)]
    finding = only("int32[?, 128]", "int32[?, 100]", nearest=nearest)
    assert (finding.level, finding.rule) == ("error", "truncated_rows")
    assert finding.message == "required size 100 on axis 1, provided 128: what is beyond is lost"
    assert finding.help == "truncate(size=100) would do it; allow it with --loss truncating"


def test_a_picture_that_is_shrunk_loses_detail_and_no_rows(match, step):
    from sigcheck.rules.match import truncated_rows

    resize = step("resize", "float32[?, 224, 224, 3]", loss="truncating", size=[224, 224])
    (finding,) = truncated_rows.find(match("float32[?, 480, 224, 3]", "float32[?, 224, 224, 3]", resize))
    assert finding.message == "required size 224 on axis 1, provided 480: detail is lost"
    assert finding.help == "export the consumer for pictures of that size"


def test_a_truncating_cast_cuts_no_rows(found, step):
    assert found("float32[?, 4]", "int32[?, 4]", step("cast", "int32[?, 4]", loss="truncating")) == [
        "warning lossy_cast"
    ]


def test_of_several_inputs_it_is_said_which_one_may_lose_its_ends():
    from sigcheck import api

    inputs = {"a": "int32[?, 8]", "b": "int32[?, 8]"}
    facts = {"consumer": {name: {"padding": {"value": 0}} for name in inputs}}
    report = api.check({"ids": "ragged int32[?, None]"}, inputs, bind={"ids": ["a", "b"]}, facts=facts, verify="typed")
    helps = {one.place: one.help for one in report.findings if one.rule == "truncated_rows" and one.help}
    assert all(f"--loss {name}=truncating" in text for name, text in helps.items())
    assert set(helps) == {"a", "b"}
