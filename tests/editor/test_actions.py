from __future__ import annotations

from sigcheck.editor.actions import actions


def cures(diagnosis, rule):
    told = (one.finding for one in diagnosis.told if one.rule == rule)
    return [action for finding in told for action in actions(diagnosis.config, diagnosis.result, finding)]


def test_a_bind_that_settles_a_tie_is_written_into_its_link(found):
    first, *_ = cures(found(), "ambiguous_binding")
    assert first.title.startswith("bind = {")
    assert f'to = "ranker"\n{first.title}\n' in first.text
    assert "ambiguous_binding" not in {one.rule for one in found(first.text).told}


def test_each_cure_makes_the_lint_better(found):
    before = found()
    for one in before.told:
        for action in actions(before.config, before.result, one.finding):
            after = found(action.text)
            assert (one.rule, one.message) not in {(other.rule, other.message) for other in after.told}, action.title


def test_a_fact_is_declared_at_its_model(found):
    text = next(one.text for one in cures(found(), "ambiguous_binding"))
    (padding,) = [one for one in cures(found(text), "invented_values") if "padding" in one.title]
    assert "inputs.tokens = { padding = { value = 0 } }" in padding.text


def test_an_ignore_of_nothing_is_deleted(found):
    (one,) = cures(found(), "unmatched_ignore")
    assert "[[ignore]]" not in one.text


def test_of_a_link_by_a_chain_only_facts_are_written(found):
    text = '[models.texts]\nsource = "texts.toml"\n[models.ranker]\nsource = "ranker.toml"\n'
    diagnosis = found(f'{text}[[chains]]\nmodels = ["texts", "ranker"]\n')
    assert cures(diagnosis, "ambiguous_binding") == []
