"""PostgreSQL itself: its binaries, scratch servers, connections, and the cutting off of children.

Nothing here knows about checks or projects. Import the module you need; importing
`connection` or `scratch_server` imports psycopg (about 140 ms), so do it inside a command.
"""
