from __future__ import annotations

import numpy as np
import pytest

from sigcheck.adapters.size_checks import size_checks
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.size_guard import SizeGuard
from tests.planning.sized_files import check_sizes, tensor

CONSTRAINTS = ("t % 4 == 0 and t >= 8 or t == 2", "s <= min(t, 9)")
GIVEN = [tensor("p", "float64", None, None, 3), tensor("q", "float64", None, None, 2)]
TAKEN = [tensor("p", "float32", "batch", "t", 3), tensor("q", "float32", "batch", "s", 2)]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    return check_sizes(tmp_path_factory.mktemp("sizes"), GIVEN, TAKEN, CONSTRAINTS, verify="executed")


def fed(t, s):
    return {"p": np.zeros((1, t, 3)), "q": np.zeros((1, s, 2))}


def test_what_only_the_run_tells_is_asserted_and_proved(guarded):
    assert (guarded.verdict, guarded.exit_code) == ("guarded", 0)
    assert [one.holds for binding in guarded.bindings for one in binding.asserts] == list(CONSTRAINTS)
    assert not any("t >= 8" in one or "min" in one for one in guarded.unchecked)
    assert (guarded.verification.level, guarded.verification.failures) == ("executed", ())
    assert guarded.verification.reason is None
    assert "asserts at run time: s <= min(t, 9)" in str(guarded)
    assert "guarded   s <= min(t, 9)" in guarded.result.adapter.source


@pytest.mark.parametrize("form", ["tensorflow", "numpy"])
@pytest.mark.parametrize(
    ("t", "s", "is_taken"), [(8, 8, True), (2, 2, True), (8, 9, False), (6, 1, False), (12, 9, True)]
)
def test_each_form_refuses_the_sizes_that_the_model_does(guarded, form, t, s, is_taken):
    adapt = guarded.adapter if form == "tensorflow" else guarded.adapter.to_numpy()
    if is_taken:
        assert adapt(fed(t, s))["p"].shape == (1, t, 3)
        return
    with pytest.raises(Exception, match="a size that the model does not take"):
        adapt(fed(t, s))


def test_a_number_does_not_say_of_which_type_sizes_are(tmp_path):
    """In a graph the first argument does, and a number there is 32 bits wide."""
    report = check_sizes(tmp_path, GIVEN, TAKEN, ("max(3, t) >= min(9, s)",), verify="executed")
    assert (report.verification.level, report.verification.failures) == ("executed", ())
    with pytest.raises(Exception, match="a size that the model does not take"):
        report.adapter(fed(3, 4))


def test_keras_has_no_layer_that_refuses_a_size(guarded):
    with pytest.raises(UsageError, match=r"Keras has no layer that refuses sizes .*--no-guard"):
        guarded.adapter.to_keras()


def test_without_guards_it_is_told_and_not_asserted(tmp_path):
    report = check_sizes(tmp_path, GIVEN, TAKEN, CONSTRAINTS, policy=Policy(guard=False))
    assert report.verdict == "adapts"
    assert "s <= min(t, 9) of q and p: open on both sides" in report.unchecked
    assert "Assert" not in report.result.adapter.source


def test_a_pair_that_fits_as_it_is_asserts_nothing(tmp_path):
    given = [{**one, "dtype": "float32"} for one in GIVEN]
    report = check_sizes(tmp_path, given, TAKEN, CONSTRAINTS)
    assert (report.verdict, report.result.adapter) == ("fits", None)
    assert "s <= min(t, 9) of q and p: open on both sides" in report.unchecked


def test_names_of_inputs_stand_in_literals_only():
    spec = parse_spec("float32[?]")
    guard = SizeGuard(holds='axis 0 of "]); x', test="a >= 2", places={"a": ('"]); x', 0)})
    binding = Binding(
        provided="y", required='"]); x', verdict="guarded", provided_spec=spec, required_spec=spec, asserts=(guard,)
    )
    (line,) = size_checks([binding], {'"]); x': "x"})
    compile(line, "adapter", "exec")
    assert line.startswith("tf.debugging.Assert(tf.shape(x, tf.int64)[0] >= 2, ['a size")
