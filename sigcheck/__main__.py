"""`python -m sigcheck` is the command `sigcheck`."""

from __future__ import annotations

from sigcheck.cli import main

if __name__ == "__main__":
    main()
