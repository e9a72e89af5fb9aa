"""Certificates: what was proved of an adapter file, written beside it, and proved again when asked."""
