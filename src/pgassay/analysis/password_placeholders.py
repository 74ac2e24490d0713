"""Which texts only stand in for a password."""

from __future__ import annotations

import re
from urllib.parse import unquote

_STANDS_FOR_PASSWORD = """
    changeit changeme changemeplease changethis dbpass dbpassword databasepassword dummy empty
    enterpassword enteryourpassword example examplepassword false fixme foo foobar bar hidden
    insertpassword insertpasswordhere integer madeup masked mypass mypassword na nil none notset
    null object omitted optional p pass passphrase passwd passwort password passwordgoeshere
    passwordhere placeholder pw pwd redacted removed replace replacelater replaceme replacethis
    required sample secret secretpassword setme somepassword str string tbd text thepassword todo
    token true undefined unset userpassword value varchar xxx yes no on off
"""
_STANDS_FOR = frozenset(_STANDS_FOR_PASSWORD.split())
"""Without their separators: `change_me` and `Change-Me` are `changeme`."""

_YOURS = re.compile(
    r"(?:your|my|some|the|enter|insert|put|add)[\w\s.-]{0,60}"
    r"(?:pass|passwd|password|passwort|pwd|pw|secret|token|key|here)"
)
_ONE_CHARACTER = re.compile(r"[*x.\-_#?•…]+|.")
_WRAPPED = re.compile(
    r"<.*>|\[.*\]|\{.*\}|%[\w]+%|%\(\w+\)s|%s|%[dr]|@@?\w+@@?|__\w+__|#\{.*\}|\(.*\)"
)
_TAKEN_FROM_ELSEWHERE = re.compile(
    r"""
    \$\w | \$[({] | .*\$\{ | .*\$\( | .*\{\{ | .*<%
    | ![A-Za-z] | [|>][-+\d]?$ | [*&]\w+$
    | (?: env | vault | ssm | sm | op | aws-?sm | gcp-?sm | awssm | secret | secretsmanager | file
        | keyring | doppler | sops | ref | arn | berglas | azurekeyvault ) :
    | enc\[ | enc\( | \{cipher\}
    | (?: var | local | data | module | secrets | settings | config | self | args | opts | options
        | env | vault | random_password ) [.\[]
    | os\. | process\.env | environ | (?: \w+\. )* getenv | (?: \w+\. )* get_?(?: env | secret )
    | (?: /var )? /run/secrets/ | -----begin
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_TEST_SERVERS = (
    "admin ci demo dev develop development local localhost postgres postgresql root test testing "
    "tests user"
)
_THROWAWAY = frozenset(_OF_TEST_SERVERS.split())


def is_placeholder(value: str) -> bool:
    """Whether a text is no password: empty, a mask, a word for one, or a reference to one."""
    bare = value.strip().strip("\"'").strip().lower()
    # An ini file writes %% for %, a URL %7B for {.
    for form in {bare, unquote(bare.replace("%%", "%"))}:
        if not form or _ONE_CHARACTER.fullmatch(form) or _WRAPPED.fullmatch(form):
            return True
        if _TAKEN_FROM_ELSEWHERE.match(form):
            return True
        if re.sub(r"[-_\s.]", "", form) in _STANDS_FOR or _YOURS.fullmatch(form):
            return True
    return False


def is_throwaway(value: str) -> bool:
    """Whether a password is one of those that only open a test server."""
    return value.strip().strip("\"'").lower() in _THROWAWAY
