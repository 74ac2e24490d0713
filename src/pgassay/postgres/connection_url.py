"""PostgreSQL URLs: read in any form that SQLAlchemy, libpq or JDBC accept, and written."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode

import psycopg.pq

# SQLAlchemy's grammar (sqlalchemy/engine/url.py): the password may hold "/", "?" and "#".
_URL = re.compile(
    r"(?:jdbc:)?(?P<scheme>\w+)(?:\+(?P<driver>\w+))?://"
    r"(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<places>[^/?]*)"
    r"(?:/(?P<database>[^?]*))?"
    r"(?:\?(?P<query>.*))?",
    re.DOTALL,
)
_PLACE = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:\[\]]*))(?::(?P<port>\d*))?")
_UNIX_SOCKET = re.compile(r"(?P<folder>/.*)/\.s\.PGSQL\.(?P<port>\d+)")
# asyncpg's and pg8000's "ssl", in libpq's words.
_SSL = {"true": "require", "1": "require", "on": "require", "false": "disable", "0": "disable"}


class UrlInvalid(ValueError):
    """A URL that cannot be read. The text never quotes the URL, which may hold a password."""


def known_keywords() -> frozenset[str]:
    """The connection keywords that this libpq knows."""
    return frozenset(option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults())


def read_url(text: str) -> tuple[dict[str, str], str | None, tuple[str, ...]]:
    """libpq's parameters, the SQLAlchemy driver named, and the query keys libpq does not know.

    Raises UrlInvalid.
    """
    match = _URL.fullmatch(text)
    if match is None:
        raise UrlInvalid("it is not of the form postgresql://user@host:port/database")
    if match["scheme"] not in ("postgresql", "postgres"):
        raise UrlInvalid(f"{match['scheme']}:// is not PostgreSQL")
    if "@" in match["places"]:
        raise UrlInvalid('the password holds an "@"; in a URL write it as %40')
    parameters: dict[str, str] = {}
    for key in ("user", "password"):
        if match[key]:
            parameters[key] = unquote(match[key])
    if match["database"]:
        parameters["dbname"] = unquote(match["database"])
    _add_places(parameters, match["places"].split(",") if match["places"] else ())
    ignored = _add_query(parameters, match["query"] or "")
    return parameters, match["driver"], ignored


def write_url(parameters: Mapping[str, str], driver: str | None = None) -> str:
    """A URL of libpq keywords, for libpq or for SQLAlchemy with `driver`.

    A socket's folder, and its port, go into the query: libpq and SQLAlchemy both read them there.
    """
    rest = {key: value for key, value in parameters.items() if value}
    user, password = quote(rest.pop("user", ""), safe=""), quote(rest.pop("password", ""), safe="")
    host, port, name = rest.pop("host", ""), rest.pop("port", ""), rest.pop("dbname", "")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    if host.startswith("/"):
        rest = {"host": host, **({"port": port} if port else {}), **rest}
        place = ""
    else:
        host = f"[{host}]" if ":" in host else host
        place = f"{host}:{port}" if port else host
    scheme = f"postgresql+{driver}" if driver else "postgresql"
    query = f"?{urlencode(rest, quote_via=quote, safe='/')}" if rest else ""
    return f"{scheme}://{login}{place}/{quote(name, safe='')}{query}"


def _add_places(parameters: dict[str, str], places: Iterable[str]) -> None:
    hosts: list[str] = []
    ports: list[str] = []
    for place in places:
        match = _PLACE.fullmatch(place)
        if match is None:
            raise UrlInvalid(
                'the part after "@" is not host:port; a password with ":", "/", "@" or "#" in it'
                " must be percent-encoded"
            )
        hosts.append(unquote(match["v6"] or match["host"] or ""))
        ports.append(match["port"] or "")
    if any(hosts):
        parameters["host"] = ",".join(hosts)
    if any(ports):
        parameters["port"] = ",".join(ports)


def _add_query(parameters: dict[str, str], query: str) -> tuple[str, ...]:
    known = known_keywords()
    ignored: list[str] = []
    places: list[str] = []
    for key, value in parse_qsl(query, keep_blank_values=True):
        socket = _UNIX_SOCKET.fullmatch(value)
        if key == "host":
            # SQLAlchemy gives several hosts as host=a:1&host=b:2; a folder holds no port.
            places += [value.replace(",", "%2C")] if value.startswith("/") else value.split(",")
        elif key == "unix_sock" and socket:
            parameters |= {"host": socket["folder"], "port": socket["port"]}
        elif key == "ssl":
            parameters["sslmode"] = _SSL.get(value.lower(), value)
        elif key == "database":
            parameters["dbname"] = value
        elif key in known:
            parameters[key] = value
        else:
            ignored.append(key)
    if places:
        port = parameters.get("port")
        _add_places(parameters, (_bracketed(place) for place in places))
        if port is not None and not any(_has_port(place) for place in places):
            parameters["port"] = port
    return tuple(ignored)


def _bracketed(place: str) -> str:
    """An IPv6 address in a query has no brackets."""
    return f"[{place}]" if place.count(":") > 1 and not place.startswith("[") else place


def _has_port(place: str) -> bool:
    match = _PLACE.fullmatch(_bracketed(place))
    return bool(match and match["port"])
