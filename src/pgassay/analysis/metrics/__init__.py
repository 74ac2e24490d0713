"""Metrics: the names in expressions, those that code defines, and which nobody exports."""
