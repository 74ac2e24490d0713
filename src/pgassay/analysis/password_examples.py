"""Which passwords only show how to write one: of a server that is none, or in words, in prose."""

from __future__ import annotations

import re

from pgassay.analysis.password_placeholders import is_placeholder

_PLACEHOLDER_HOST = re.compile(
    r"(?:(?:my|your|some|the)[-_]?(?:\w*[-_]?)?)?(?:host|hostname|host[-_]name|servername)(?:\.com)?"
    r"|(?:my|your|some)[-_]?\w*[-_]?server(?:\.com)?",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_PORT = re.compile(r"\d*|[${<%(\[].*")
_OF_SECRETS = "credential credentials key pass passphrase password pw pwd secret token"
_SECRETS = frozenset(_OF_SECRETS.split())
_BESIDE_THEM = """
    a access account admin an api app auth bar baz client complex dashboard database db demo deploy
    dummy example fake foo here hidden long login mongo my mysql name new of old personal postgres
    postgresql redis root safe sample secure some strong super test the top user value very your
"""
_BESIDE = frozenset(_BESIDE_THEM.split())
_KNOWN_TO_ALL = "hunter letmein p@ssw0rd pa55word passw0rd s3cr3t s3cret swordfish"
_FAMOUS = frozenset(_KNOWN_TO_ALL.split())
"""Without the digits behind them: `hunter2`."""


def is_example_login(user: str, password: str) -> bool:
    """Oracle's demonstration account, which SQLAlchemy's documentation has everywhere."""
    return user.lower() == "scott" and password.lower().startswith("tiger")


def is_example_server(host: str, port: str, password: str) -> bool:
    """Whether a URL such as `scheme://login:my-word@my-host:port/` shows what one looks like. A
    password with a digit in it may have been left standing in one."""
    no_server = _PLACEHOLDER_HOST.fullmatch(host) or _PORT.fullmatch(port) is None
    return bool(no_server) and not re.search(r"\d", re.sub(r"%[0-9A-Fa-f]{2}", "", password))


def is_example_in_prose(password: str) -> bool:
    """Whether a text for people gives it as an example: `SuperSecret`, `password123`."""
    bare = password.strip().lower()
    plain = re.sub(r"\d+\W*$", "", bare)
    if is_placeholder(bare) or is_placeholder(plain) or {bare, plain} & _FAMOUS:
        return True
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", password)
    parts = [_parts(word.lower()) for word in _WORDS.findall(split)]
    return all(parts) and not _SECRETS.isdisjoint(part for found in parts for part in found)


def _parts(word: str) -> tuple[str, ...]:
    """The words that a text is written of without a space, as `supersecret`; () where it is not."""
    if word in _SECRETS or word in _BESIDE:
        return (word,)
    for end in range(len(word) - 1, 0, -1):
        head = word[:end]
        if (head in _SECRETS or head in _BESIDE) and (rest := _parts(word[end:])):
            return (head, *rest)
    return ()
