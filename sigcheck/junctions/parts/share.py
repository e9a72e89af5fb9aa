"""Share: one output given whole to several inputs.

## What it does
Feeds several inputs from one output, each with a plan of its own. It takes no step, so that there
is nothing of it to run and nothing to deny.

## Example
    --bind a=x --bind a=y    float32[?, 8] -> float32[?, 8], float32[?, 8]

## What it loses or assumes
Nothing. Where the output could be parted among the inputs as well, neither is chosen unless it is
declared: `--bind "share(a)=x"` for each.
"""
