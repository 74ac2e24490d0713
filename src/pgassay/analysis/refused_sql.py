"""Statements that scratch does not carry out: they reach past the database they run in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgassay.analysis.sql_effects import bare


@dataclass(frozen=True, slots=True)
class Refusal:
    """`matters`: what follows may need what was not done."""

    reason: str
    matters: bool


_SERVER = "it is for the whole server, not for one database"
_FILE = "it reads or writes a file, or starts a program, on the server's machine"
_OTHER = "it reaches another server"
_WHOLE_SERVER = re.compile(
    r"(?:CREATE|ALTER|DROP)\s+(?:DATABASE|TABLESPACE)\b|ALTER\s+SYSTEM\b|LOAD\b"
    r"|(?:ALTER|DROP)\s+(?:ROLE|USER|GROUP)\b(?!\s+MAPPING)|(?:DROP|REASSIGN)\s+OWNED\b",
    re.IGNORECASE,
)
_COPY_FILE = re.compile(
    r"COPY\b(?:(?!\b(?:FROM|TO)\b).)*(?:\(.*\)\s*)?\b(?:FROM|TO)\s+(?:PROGRAM\b|E?'|\$)",
    re.IGNORECASE | re.DOTALL,
)
_FILE_CALL = re.compile(
    r"\b(?:pg_read_file|pg_read_binary_file|pg_ls_dir|pg_stat_file|pg_file_write|pg_file_unlink"
    r"|pg_file_rename|lo_import|lo_export|pg_reload_conf|pg_terminate_backend|pg_rotate_logfile)"
    r"\s*\(|\bCOPY\b[^;]*\b(?:FROM|TO)\s+(?:PROGRAM\b|'+[^']*/)",
    re.IGNORECASE,
)
_SERVER_CALL = re.compile(r"\bdblink(?:_\w+)?\s*\(|\bpg_create_subscription\b", re.IGNORECASE)
_OTHER_SERVER = re.compile(
    r"(?:CREATE|ALTER)\s+SUBSCRIPTION\b|IMPORT\s+FOREIGN\s+SCHEMA\b", re.IGNORECASE
)
_WORD_OF_THE_SERVER = re.compile(
    r"pg_(?:read|ls|stat|file|current_logfile|backup)\w*|lo_(?:im|ex)port|dblink\w*|\bLOAD\s+E?'"
    r"|\bCOPY\b[^;]*?\b(?:FROM|TO)\s+(?:PROGRAM\b|E?'+)|\bxml_?file\w*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"'\s*\|\|\s*'")
_ROUTINE = re.compile(r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE)


def refusal(statement: str) -> Refusal | None:
    """Why a statement is not carried out on scratch; None where it is.

    A routine may hold anything: making it does nothing. What is not seen here, such as a name put
    together at run time, is held back by the scratch server's own isolation.
    """
    text = bare(statement)
    if _WHOLE_SERVER.match(text):
        return Refusal(_SERVER, matters=False)
    if _OTHER_SERVER.match(text):
        return Refusal(_OTHER, matters=text[:6].upper() == "IMPORT")
    if _COPY_FILE.match(text):
        return Refusal(_FILE, matters=True)
    if _ROUTINE.match(text):
        return None
    if _FILE_CALL.search(text):
        return Refusal(_FILE, matters=True)
    if _SERVER_CALL.search(text):
        return Refusal(_OTHER, matters=True)
    return None


def rests_on_more(statement: str) -> bool:
    """Whether what comes of a statement, or of a routine that it makes, may rest on more than the
    database: what is refused, and what names such a thing anywhere in its text, also within a body,
    a literal or a comment."""
    named = _WORD_OF_THE_SERVER.search(_JOINED.sub("", statement))
    return named is not None or refusal(statement) is not None
