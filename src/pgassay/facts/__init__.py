"""Facts: what is true. Frozen, typed, without I/O. One concept a module."""
