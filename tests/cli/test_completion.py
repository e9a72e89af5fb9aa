from __future__ import annotations

import click
import pytest

from sigcheck.cli import COMMANDS, cli


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
        ("sigcheck lint --select stale_l", {"stale_lock"}),
        ("sigcheck lint --ignore assumed,stale_l", {"assumed,stale_lock"}),
        ("sigcheck lint --output sar", {"sarif="}),
    ],
)
def test_names_are_completed(fresh, words, offered):
    asked = {"_SIGCHECK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = fresh("-m", "sigcheck", environment=asked)
    assert {line.partition(",")[2] for line in done.stdout.splitlines()} == offered


NAMES_FILES = {"CONSUMER", "DATA", "DIR", "FILE", "MODEL", "NEW", "OLD", "PAIR.npz", "SOURCE"}


def takes_a_file(parameter, context):
    words = (parameter.metavar or parameter.make_metavar(context)).replace("[", " ").replace("]", " ")
    return bool(NAMES_FILES & set(words.replace("...", " ").split()))


@pytest.mark.parametrize("name", COMMANDS)
def test_where_a_file_is_named_the_shell_completes_files(name):
    """A shell that asks sigcheck completes nothing by itself: what is no file here could not be completed at all."""
    command = cli.get_command(click.Context(cli), name)
    context = click.Context(command, info_name=name)
    taking = [one for one in command.params if takes_a_file(one, context)]
    found = [(one.name, item.type) for one in taking for item in one.shell_complete(context, "mod") or [Nothing()]]
    assert [(one, kind) for one, kind in found if kind not in {"file", "dir"}] == []
    assert found or name in {"completion", "doctor", "explain", "init", "lsp"}


class Nothing:
    """Stands for no completion."""

    type = "nothing"
