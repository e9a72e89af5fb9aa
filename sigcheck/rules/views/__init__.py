"""Views: what rules look at, and the shape of a rule for each."""
