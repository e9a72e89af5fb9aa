"""Signature file: what `sigcheck show --format json` prints, or a contract written by hand."""
