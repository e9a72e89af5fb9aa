from __future__ import annotations

from sigcheck.schema.policy import Policy


def test_an_exact_cast_is_one_warning(only, step):
    cast = step("cast", "float32[?, 3]", dtype="float32")
    finding = only("uint8[?, 3]", "float32[?, 3]", cast)
    assert (finding.level, finding.rule, finding.place) == ("warning", "dtype_mismatch", "x")
    assert finding.message == "required dtype float32, provided uint8"
    assert finding.help == "the adapter does it: cast(dtype=float32)"
    assert (finding.required, finding.provided) == ("x: float32[?, 3]", "out: uint8[?, 3]")


def test_a_dtype_that_no_cast_reaches_is_an_error(only):
    finding = only("string[?]", "float32[?]")
    assert (finding.level, finding.rule) == ("error", "dtype_mismatch")
    assert "no cast leads from string to float32" in finding.help


def test_text_is_read_where_it_is_said_of_what_it_writes_numbers_out(only):
    assert "the same meaning" in only("string[?]", "float32[?]").help
    assert "the same meaning" not in only("float32[?]", "string[?]").help


def test_shares_of_one_have_no_whole_numbers(only):
    finding = only("float32[?]", "int32[?]", gives={"range": (0, 1)})
    assert (finding.level, finding.rule) == ("error", "dtype_mismatch")
    assert finding.help.startswith("of shares of one int32 has 0 and 1 alone")


def test_a_denied_cast_is_an_error_that_names_the_option(only):
    finding = only("uint8[?, 3]", "float32[?, 3]", policy=Policy(deny=("cast",)))
    assert (finding.level, finding.help) == ("error", "the policy denies the cast; leave out --deny cast")


def test_the_cast_of_a_blocked_binding_stays_a_warning(found, step):
    nearest = [step("cast", "float32[?, 5]", dtype="float32")]
    assert found("uint8[?, 5]", "float32[?, 7]", nearest=nearest) == ["error size_mismatch", "warning dtype_mismatch"]


def test_one_dtype_is_no_mismatch(found):
    assert found("uint8[?, 3]", "uint8[?, 3]", verdict="fits") == []
