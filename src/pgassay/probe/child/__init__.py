"""The probe's child: runs in the project's interpreter with the standard library and the project's
own SQLAlchemy and Alembic. Python 3.8 syntax; it imports nothing else of pgassay.

It reads one JSON request line from standard input and writes JSON lines to the descriptor that was
standard output; everything the project prints goes to standard error instead.
"""
