from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('to = "classifier"', 'to = "classifer"', ":10: links[0].to: no model 'classifer'; did you mean 'classifier'?"),
        ('from = "encoder"', 'from = "x"', ":9: links[0].from: no model 'x'; there is 'classifier', 'encoder'."),
        (
            'rule = "lossy_cast"',
            'rule = "lossycast"',
            ":16: ignore[0].rule: no rule 'lossycast'; did you mean 'lossy_c",
        ),
        ('link = "enc', 'link = "end', ":17: ignore[0].link: no link 'endoder -> classifier'; did you mean 'encoder "),
        ('link = "encoder -> classifier"', 'model = "coder"', ":17: ignore[0].model: no model 'coder'; did you mean"),
        (
            "[[ignore]]",
            '[policy]\nlosses = { mask = "irreversible" }\n[[ignore]]',
            ":16: policy.losses: names inputs, expected it where one consumer is. Move it to the policy of a [[links]",
        ),
        ('loss = "rounding"', 'deny = ["cat"]', ":13: links[0].policy.deny: no transform 'cat'; did you mean 'cast'?"),
        (
            'loss = "rounding"',
            'deny = ["concta"]',
            ":13: links[0].policy.deny: no transform 'concta'; did you mean 'con",
        ),
        ('loss = "rounding"', 'allow = ["concat"]', ":13: links[0].policy.allow: no transform 'concat'"),
        ("[[ignore]]", '[rules]\ncats = "off"\n[[ignore]]', ":16: rules.cats: no rule 'cats'"),
        ("[[ignore]]", '[[chains]]\nmodels = ["encoder", "y"]\n[[ignore]]', ":16: chains[0].models: no model 'y'"),
        ("[[ignore]]", '[policy]\nallow = ["z"]\n[[ignore]]', ":16: policy.allow: no transform 'z'"),
        ("bind =", 'name = "encoder"\nbind =', ":11: links[0].name: two entries called 'encoder'. Give each its own"),
    ],
)
def test_whatever_is_named_must_exist(problem, old, new, said):
    assert problem(old, new).startswith(f"sigcheck.toml{said}")


def test_two_links_between_the_same_models_need_names(problem):
    again = '[[links]]\nfrom = "encoder"\nto = "classifier"\n[[ignore]]'
    said = problem("[[ignore]]", again)
    assert said == (
        "sigcheck.toml:15: links[1].name: a second link from 'encoder' to 'classifier', after the one in line 8. "
        "Delete one, or give each its own name."
    )
