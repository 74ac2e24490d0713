"""Sources: the world -> facts, read-only."""
