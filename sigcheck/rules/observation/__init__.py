"""Rules of two observations of one tensor: what data showed before, and what it shows now."""
