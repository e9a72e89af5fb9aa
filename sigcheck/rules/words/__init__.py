"""Words: how findings and their helps are said."""
