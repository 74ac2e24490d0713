"""What the texts of libpq, PostgreSQL and the poolers about a failed connection mean.

libpq gives no SQLSTATE for a failed connection, so the texts are read. They were collected from
PostgreSQL 15 to 18, PgBouncer and Supavisor; a server that speaks another language than English
ends in `unknown`, with its own words.
"""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What went wrong, as far as the other side tells."""

    NAME = "name"  # the host's name cannot be resolved
    REFUSED = "refused"
    NO_SOCKET = "no-socket"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    NOT_POSTGRES = "not-postgres"
    NO_TLS = "no-tls"
    CERTIFICATE = "certificate"
    TLS = "tls"
    NO_PASSWORD = "no-password"
    PASSWORD = "password"  # or no such role: PostgreSQL tells them apart to nobody
    PEER = "peer"
    ROLE = "role"
    NO_LOGIN = "no-login"
    DATABASE = "database"
    NO_CONNECT_RIGHT = "no-connect-right"
    NO_HBA_ENTRY = "no-hba-entry"
    TOO_MANY = "too-many"
    STARTING = "starting"
    TENANT = "tenant"
    LOCKED_OUT = "locked-out"
    SESSION_KIND = "session-kind"  # target_session_attrs
    SERVICE = "service"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """A text, what it means, and what to do; the last two with `{host}` and so on in them."""

    cause: Cause
    pattern: str
    reason: str
    next_step: str


PSQL = "psql 'host={host} port={port} user={user} dbname={database}'"
_AS_OWNER = "as an administrator: "

# The first that matches counts.
RULES = (
    Rule(
        Cause.NAME,
        r"failed to resolve host|could not translate host name",
        "the host name {host} cannot be resolved",
        "getent hosts {shell_host}",
    ),
    Rule(
        Cause.SERVICE,
        r"definition of service .* not found|service file .* not found",
        "the service is in no service file",
        "add it to ~/.pg_service.conf, or name the file in PGSERVICEFILE",
    ),
    Rule(
        Cause.TENANT,
        r"Tenant or user not found|tenant/user .* not found|ENOTFOUND",
        "the pooler at {where} does not know {user}; this is not about the password: the host is"
        " another region's or cluster's, the user lacks its project suffix, or the project is"
        " paused",
        "copy the pooler's host and user (postgres.PROJECT) from the project's Connect page",
    ),
    Rule(
        Cause.LOCKED_OUT,
        r"ECIRCUITBREAKER|too many authentication (failures|errors)",
        "the pooler at {where} lets {user} in no more, after too many failed logins",
        "wait some minutes, correct the password, then try once",
    ),
    Rule(
        Cause.NO_PASSWORD,
        r"no password supplied",
        "{where} wants a password for {user}, and none was given",
        "export PGPASSWORD=..., or add a line to ~/.pgpass: {host}:{port}:{database}:{user}:...",
    ),
    Rule(
        Cause.PEER,
        r"(Peer|Ident) authentication failed",
        "{where} lets {user} in only as the system user of that name",
        "sudo -u {shell_user} " + PSQL + ", or give a password and -h 127.0.0.1",
    ),
    Rule(
        Cause.PASSWORD,
        r"password authentication failed|SASL authentication failed|authentication failed"
        r"|EAUTHQUERY",
        "{where} refused the login of {user}: a wrong or expired password, or no such role"
        " (PostgreSQL does not say which)",
        PSQL + " -W",
    ),
    Rule(
        Cause.NO_LOGIN,
        r"is not permitted to log in",
        "the role {user} may not log in at {where}",
        _AS_OWNER + 'ALTER ROLE "{user}" LOGIN;',
    ),
    Rule(
        Cause.ROLE,
        r'role ".*" does not exist|no such user',
        "there is no role {user} at {where}",
        _AS_OWNER + "psql -h {shell_host} -p {port} -d postgres -c '\\du'",
    ),
    Rule(
        Cause.NO_CONNECT_RIGHT,
        r"permission denied for database",
        "the role {user} may not connect to the database {database} at {where}",
        _AS_OWNER + 'GRANT CONNECT ON DATABASE "{database}" TO "{user}";',
    ),
    Rule(
        Cause.DATABASE,
        r'database ".*" does not exist|no such database|is not currently accepting connections',
        "there is no database {database} that takes connections at {where}",
        "psql -h {shell_host} -p {port} -U {shell_user} -l",
    ),
    Rule(
        Cause.NO_HBA_ENTRY,
        r"no pg_hba\.conf entry|pg_hba\.conf rejects|EADDRNOTALLOWED",
        "{where} has no rule that lets {user} into {database} from here{encryption}",
        "try sslmode=require; else have the server's administrator add a line to pg_hba.conf:"
        " hostssl {database} {user} YOUR_ADDRESS/32 scram-sha-256",
    ),
    Rule(
        Cause.TOO_MANY,
        r"too many clients|remaining connection slots|too many connections|no more connections"
        r"|EMAXCONN|ECHECKOUTTIMEOUT|max client",
        "{where} has no connection left for {user}",
        _AS_OWNER + 'psql -h {shell_host} -p {port} -d postgres -c "table pg_stat_activity"',
    ),
    Rule(
        Cause.STARTING,
        r"is starting up|is shutting down|in recovery mode|not yet accepting connections",
        "the server at {where} is starting or stopping",
        "pg_isready -h {shell_host} -p {port} -t 60",
    ),
    Rule(
        Cause.SESSION_KIND,
        r"session is (not )?read-(only|write)|server is (not )?in hot standby",
        "{where} is not the kind of server that target_session_attrs asks for",
        PSQL + " -c 'select pg_is_in_recovery()'",
    ),
    Rule(
        Cause.NOT_POSTGRES,
        r"received invalid response to (SSL|GSSAPI) negotiation|expected authentication request",
        "what answers at {where} is not PostgreSQL",
        "look up the database's port; PostgreSQL's is usually 5432",
    ),
    Rule(
        Cause.NO_TLS,
        r"server does not support SSL",
        "{where} has no TLS, and sslmode={sslmode} asks for it",
        "switch TLS on at the server, or (in a trusted network only) set sslmode=disable",
    ),
    Rule(
        Cause.CERTIFICATE,
        r"certificate verify failed|does not match host name|root certificate file .* does not"
        r" exist|certificate is not valid",
        "the certificate of {where} is not accepted: {detail}",
        "openssl s_client -starttls postgres -connect {shell_host}:{port} -showcerts </dev/null",
    ),
    Rule(
        Cause.TLS,
        r"SSL error|SSL required|ESSLREQUIRED|SSL SYSCALL|could not establish SSL|sslmode value",
        "TLS with {where} failed: {detail}",
        "openssl s_client -starttls postgres -connect {shell_host}:{port} </dev/null",
    ),
    Rule(
        Cause.NO_SOCKET,
        r"socket .* failed: (No such file|Connection refused)|No such file or directory",
        "no server listens on the unix socket of port {port} in {host}",
        "pg_isready -h {shell_host} -p {port}",
    ),
    Rule(
        Cause.REFUSED,
        r"[Cc]onnection refused",
        "nothing listens at {where}",
        "pg_isready -h {shell_host} -p {port}",
    ),
    Rule(
        Cause.UNREACHABLE,
        r"Network is unreachable|No route to host|Cannot assign requested address",
        "there is no way from here to {where}; some managed hosts have IPv6 addresses only",
        "getent ahosts {shell_host}; where only IPv6 is shown, use the host of the pooler",
    ),
    Rule(
        Cause.TIMEOUT,
        r"timeout expired|timed out",
        "no answer from {where} in time; a firewall or a missing VPN does that",
        "nc -vz -w 5 {shell_host} {port}",
    ),
)
