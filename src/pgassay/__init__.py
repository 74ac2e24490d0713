"""pgassay proves whether a PostgreSQL deployment is safe before it happens.

This file is also imported by the probe, in the project's own interpreter, so it imports nothing.
"""

__version__ = "0.1.0"
