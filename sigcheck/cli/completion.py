"""`sigcheck completion`: the script that teaches a shell to complete."""

from __future__ import annotations

import click

from sigcheck.cli.output import say


@click.command(
    short_help="Print the completion script for a shell.",
    epilog="""\b
    Examples:
      sigcheck completion bash > sigcheck.bash
      sigcheck completion zsh > _sigcheck
      sigcheck completion fish > sigcheck.fish

    \b
    Then, in ~/.bashrc:  source /path/to/sigcheck.bash
    in ~/.zshrc:         source /path/to/_sigcheck
    for fish:            move it to ~/.config/fish/completions/

    Exit codes: 0 printed; 2 there is no such shell.""",
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, /, shell: str) -> int:
    """Print the completion script for a shell."""
    from click.shell_completion import ShellComplete, get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    root = context.find_root()
    script = kind(root.command, {}, "sigcheck", "_SIGCHECK_COMPLETE")
    # Bash's own `source` starts a bash to look at its version; the script is the same for all.
    say(ShellComplete.source(script).strip())
    return 0
