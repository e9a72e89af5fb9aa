from __future__ import annotations

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_asks_sigcheck(sigcheck, shell):
    code, out, err = sigcheck("completion", shell)
    assert (code, err) == (0, "")
    assert f"_SIGCHECK_COMPLETE={shell}_complete" in out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("sigcheck ex", {"explain"}),
        ("sigcheck explain rank", {"rank_mismatch"}),
        ("sigcheck explain expand", {"expand_dims"}),
        ("sigcheck explain unst", {"unstack"}),
        ("sigcheck explain shar", {"share"}),
        ("sigcheck check a b --deny trun", {"truncate"}),
        ("sigcheck check a b --deny conc", {"concat"}),
        # A junction needs no permission: nothing is offered.
        ("sigcheck check a b --allow conc", {""}),
        ("sigcheck check a b --loss trun", {"truncating"}),
    ],
)
def test_names_are_completed(fresh, words, offered):
    asked = {"_SIGCHECK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = fresh("-m", "sigcheck", environment=asked)
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == offered
