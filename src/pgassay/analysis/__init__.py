"""Analysis: pure knowledge, facts -> facts."""
