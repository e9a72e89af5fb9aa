from __future__ import annotations

import subprocess
import sys

import pytest

from sigcheck.rules import RULES
from sigcheck.schema.junction import FAN_IN, FAN_OUT
from sigcheck.transforms import BY_NAME


@pytest.mark.parametrize("name", [*RULES, *BY_NAME, *FAN_IN, *FAN_OUT])
def test_everything_with_a_name_has_a_page(sigcheck, name):
    code, out, _ = sigcheck("explain", name)
    assert code == 0
    assert out.startswith(f"{name} (")


def test_without_a_name_all_are_listed(sigcheck):
    _, out, _ = sigcheck("explain")
    first_words = {line.split(" ")[0] for line in out.splitlines()}
    assert first_words >= {*RULES, *BY_NAME, *FAN_IN, *FAN_OUT}
    assert max(map(len, out.splitlines())) <= 80


def test_an_unknown_name_names_the_nearest(sigcheck):
    assert sigcheck("explain", "expand_dim") == (
        2,
        "",
        "sigcheck: explain: no rule, transform or junction 'expand_dim'. Did you mean expand_dims?\n",
    )


def test_a_python_without_help_pages_says_so():
    command = [sys.executable, "-OO", "-m", "sigcheck", "explain", "boxes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sigcheck: explain: Python runs with -OO, which leaves its pages out, expected it")
