"""Whose an object is, who may do what with it, and what is said of it."""

from __future__ import annotations

from pgassay.analysis.sql_identifier import literal, quoted
from pgassay.facts.catalog import Grant, Owned, SchemaObject

_OPTION = " WITH GRANT OPTION"
# PostgreSQL's documentation, "Privileges", table 5.2; also as ALTER DEFAULT PRIVILEGES has them.
_USUAL_OF_PUBLIC = ("database", "domain", "function", "language", "procedure", "type")


def role(name: str) -> str:
    """A role as GRANT and TO take it; PUBLIC is no name, but `"PUBLIC"` is one."""
    return name if name in ("PUBLIC", '"PUBLIC"') else quoted(name)


def owner(thing: Owned, address: str) -> list[str]:
    """`address`: such as `TABLE public.t`."""
    return [f"ALTER {address} OWNER TO {quoted(thing.owner)};"] if thing.owner else []


def comment(thing: SchemaObject, address: str) -> list[str]:
    return [f"COMMENT ON {address} IS {literal(thing.comment)};"] if thing.comment else []


def dependence(extensions: tuple[str, ...], address: str) -> list[str]:
    """What has the object dropped with each of these extensions."""
    return [f"ALTER {address} DEPENDS ON EXTENSION {quoted(name)};" for name in extensions]


def grants(
    given: tuple[Grant, ...], address: str, *, holder: str = "", columns: str = ""
) -> list[str]:
    """What makes the rights on a new object these.

    A role's grant is all that it has. Only the owner, `holder`, and on some kinds PUBLIC have
    rights by themselves, which are taken away first. `columns`: the column's name in parentheses,
    for rights on one column.
    """
    statements = []
    public_has = not columns and address.lower().startswith(_USUAL_OF_PUBLIC)
    for grant in given:
        to = role(grant.grantee)
        usual = public_has if grant.grantee == "PUBLIC" else grant.grantee == holder
        if usual or not grant.privileges:
            statements.append(f"REVOKE ALL{columns} ON {address} FROM {to};")
        plain = [p for p in grant.privileges if not p.endswith(_OPTION)]
        passed_on = [p.removesuffix(_OPTION) for p in grant.privileges if p.endswith(_OPTION)]
        for privileges, option in ((plain, ""), (passed_on, _OPTION)):
            if privileges:
                listed = ", ".join(f"{p}{columns}" for p in privileges)
                statements.append(f"GRANT {listed} ON {address} TO {to}{option};")
    return statements
