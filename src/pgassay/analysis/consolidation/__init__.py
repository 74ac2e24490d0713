"""Making one migration history of two: the plan, in pure knowledge."""
