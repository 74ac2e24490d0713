"""Which passwords are seen in a text, and that none of them is kept."""

from __future__ import annotations

import time

import pytest

from pgassay.analysis.password_keys import names_password
from pgassay.analysis.password_placeholders import is_placeholder
from pgassay.analysis.password_spot import is_local_host, plain_host
from pgassay.analysis.password_text import passwords_in

SECRET = "Zq9-trompeta"
"""Replaces `@@` in the texts below."""


def seen(path: str, text: str) -> list[tuple[int | None, str, str, str, bool]]:
    found = passwords_in(path, text.replace("@@", SECRET))
    assert SECRET not in repr(found)
    return [(item.location.line, item.key, item.shown, item.host, item.local) for item in found]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "alembic.ini",
            "[alembic]\nsqlalchemy.url = postgresql+asyncpg://app:@@@aws.supabase.com:5432/p?a=b\n",
            (
                2,
                "sqlalchemy.url",
                "postgresql+asyncpg://app:***@aws.supabase.com:5432/p",
                "aws.supabase.com",
            ),
        ),
        (
            "alembic.ini",
            "# sqlalchemy.url = postgresql://app:p%%40@@@db.x.io/p",
            (1, "sqlalchemy.url", "postgresql://app:***@db.x.io/p", "db.x.io"),
        ),
        (
            "app/db.py",
            'ENGINE = create_engine("postgresql://app:@@@db.x.io/p")',
            (1, "postgresql URL", "postgresql://app:***@db.x.io/p", "db.x.io"),
        ),
        (
            "app/db.py",
            'os.getenv("DATABASE_URL", "postgresql://app:@@@db.x.io/p")',
            (1, "DATABASE_URL", "postgresql://app:***@db.x.io/p", "db.x.io"),
        ),
        (
            "x.js",
            "const url = 'postgres://app:un@escaped/@@@h1.x.io:1,h2.x.io/p'",
            (1, "url", "postgres://app:***@h1.x.io:1,h2.x.io/p", "h1.x.io"),
        ),
        (
            "deploy.yaml",
            "env:\n  - name: DATABASE_URL\n    value: postgresql://app:@@@db.x.io/p\n",
            (3, "DATABASE_URL", "postgresql://app:***@db.x.io/p", "db.x.io"),
        ),
        (
            "x.ini",
            "u = postgresql://app@db.x.io/p?password=@@",
            (1, "password", "password=***", "db.x.io"),
        ),
        (
            "x.txt",
            "jdbc:postgresql://db.x.io/p?user=app&password=@@",
            (1, "password", "user=app password=***", "db.x.io"),
        ),
        (
            ".env",
            "DB_HOST=db.x.io\n\nDB_PASSWORD='@@'\n",
            (3, "DB_PASSWORD", "DB_PASSWORD=***", "db.x.io"),
        ),
        (".env.production", "export PGPASSWORD=@@", (1, "PGPASSWORD", "PGPASSWORD=***", "")),
        (".env", "#DB_PASS=@@", (1, "DB_PASS", "DB_PASS=***", "")),
        ("a.ini", "[db]\npassword = @@ ; of app", (2, "password", "password=***", "")),
        (
            "pg_service.conf",
            "[p]\nhost=db.x.io\nuser=a\npassword=@@",
            (4, "password", "password=***", "db.x.io"),
        ),
        (
            "app.properties",
            "spring.datasource.password=@@",
            (1, "spring.datasource.password", "spring.datasource.password=***", ""),
        ),
        ("a.toml", '[db]\npassword = "@@"', (2, "password", "password=***", "")),
        ("x.tfvars", 'db_password = "@@"', (1, "db_password", "db_password=***", "")),
        (
            "a.json",
            '{"host": "db.x.io", "password": "@@"}',
            (1, "password", "password: ***", "db.x.io"),
        ),
        (
            "task.json",
            '{"environment": [{"name": "PGPASSWORD", "value": "@@"}]}',
            (1, "PGPASSWORD", "PGPASSWORD: ***", ""),
        ),
        (
            "appsettings.json",
            '{"Default": "Host=db.x.io;Username=app;Password=@@"}',
            (1, "Password", "host=db.x.io username=app Password=***", "db.x.io"),
        ),
        (
            "compose.yml",
            "    environment:\n      POSTGRES_PASSWORD: @@",
            (2, "POSTGRES_PASSWORD", "POSTGRES_PASSWORD: ***", ""),
        ),
        (
            "compose.yml",
            "   - POSTGRES_PASSWORD=@@",
            (1, "POSTGRES_PASSWORD", "POSTGRES_PASSWORD=***", ""),
        ),
        (
            "k8s.yml",
            'env:\n- name: "PGPASSWORD"\n  value: "@@"',
            (3, "PGPASSWORD", "PGPASSWORD: ***", ""),
        ),
        ("ci.yml", "run: PGPASSWORD=@@ psql -h db.x.io", (1, "PGPASSWORD", "PGPASSWORD=***", "")),
        (
            "a.yml",
            "db: {host: db.x.io, password: @@, x: 1}",
            (1, "password", "password: ***", "db.x.io"),
        ),
        ("a.yml", "#  password: @@", (1, "password", "password: ***", "")),
        (
            "init.sql",
            "CREATE ROLE app\n  LOGIN PASSWORD '@@';",
            (2, "PASSWORD of app", "CREATE ROLE app PASSWORD '***'", ""),
        ),
        (
            "x.sh",
            "psql -c \"ALTER USER app WITH ENCRYPTED PASSWORD '@@'\"",
            (1, "PASSWORD of app", "ALTER USER app PASSWORD '***'", ""),
        ),
        (
            "x.sh",
            'psql "host=db.x.io user=app password=@@ dbname=p"',
            (1, "password", "host=db.x.io user=app dbname=p password=***", "db.x.io"),
        ),
        ("x.sh", "PGPASSWORD=@@ pg_dump", (1, "PGPASSWORD", "PGPASSWORD=***", "")),
        ("Dockerfile", "FROM x\nENV PGPASSWORD @@", (2, "PGPASSWORD", "PGPASSWORD: ***", "")),
        (
            ".pgpass",
            "db.x.io:5432:*:app:@@",
            (1, "app@db.x.io", "db.x.io:5432:*:app:***", "db.x.io"),
        ),
        ("s.py", 'DB_PASSWORD: str = "@@"', (1, "DB_PASSWORD", "DB_PASSWORD=***", "")),
        ("s.py", 'os.environ["PGPASSWORD"] = "@@"', (1, "PGPASSWORD", "PGPASSWORD=***", "")),
        (
            "s.py",
            '"HOST": "db.x.io", "PASSWORD": "@@"',
            (1, "PASSWORD", "PASSWORD: ***", "db.x.io"),
        ),
    ],
)
def test_written(path: str, text: str, expected: tuple[int, str, str, str]) -> None:
    assert seen(path, text) == [(*expected, False)]


@pytest.mark.parametrize(
    ("path", "text", "host"),
    [
        ("a.ini", "u = postgresql://app:@@@localhost:5432/p", "localhost"),
        ("a.ini", "u = postgresql://app:@@@127.0.0.1/p", "127.0.0.1"),
        ("a.ini", "u = postgresql://app:@@@[::1]:5432/p", "::1"),
        ("a.ini", "u = postgresql://app:@@@db:5432/p", "db"),
        ("a.ini", "u = postgresql://app:@@@/p?host=/run/pg", "/run/pg"),
        ("a.ini", "u = postgresql://app:@@@/p", ""),
        (".env", "PGHOST=localhost\nPGPASSWORD=@@", "localhost"),
        (".github/workflows/ci.yml", "env:\n  POSTGRES_PASSWORD: @@", ""),
        ("compose.yml", "    POSTGRES_PASSWORD: postgres", ""),
        ("tests/test_roles.py", "CREATE ROLE a PASSWORD '@@'", ""),
        ("a.py", "u = f'postgresql://app:@@@127.0.0.1:{port}/p'", "127.0.0.1"),
    ],
)
def test_local(path: str, text: str, host: str) -> None:
    ((_, _, _, found, local),) = seen(path, text)
    assert (found, local) == (host, True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("alembic.ini", "sqlalchemy.url = driver://user:pass@localhost/dbname"),
        ("alembic.ini", "sqlalchemy.url = postgresql://app:%(pw)s@db.x.io/p"),
        ("a.ini", "u = postgresql://u:<password>@db.x.io/p"),
        ("a.ini", "u = postgresql://u:[YOUR-PASSWORD]@db.x.io/p"),
        ("a.ini", "u = postgresql://u:***@db.x.io/p"),
        ("a.ini", "u = postgresql://u:${PW}@db.x.io/p"),
        ("a.py", 'f"postgresql://{user}:{quote(pw)}@{host}/p"'),
        ("a.py", '"postgresql://scott:tiger@db.x.io/test"'),
        ("a.js", "fetch('http://localhost:3000/@scope/pkg'); 'https://r.org:443/@babel/core'"),
        (".env", "DB_PASSWORD=\nOTHER=1"),
        (".env", "DB_PASSWORD=changeme\nX_PASSWORD=your-password-here\nY_PASSWORD=xxxx"),
        (".env", "BYPASS=abc\nPWD=/home/app\nPASSWORD_FILE=/run/secrets/x"),
        ("a.ini", "password_hash_rounds = 12\npassword_min_length = 8\nssh_compass = abc"),
        ("a.toml", 'reset_password_url = "https://x.io/reset"'),
        ("a.ini", "password = env:DB_PASSWORD"),
        ("a.ini", "# password: what the user types"),
        ("compose.yml", "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-hunter}"),
        ("a.yml", "password: !Ref Pw\npassword: |\npassword: {{ pw }}\npassword: *pw\npassword:\n"),
        ("a.yml", "password:\n  valueFrom: secret\nPASSWORD: ${{ secrets.PW }}"),
        ("a.json", '{"forgot_password": "Forgotten?", "password": {"type": "string"}}'),
        ("a.json", '{"password": "Your password, please"}'),
        ("a.py", "def f(host=None, user=None, password=None): pass\nconnect(user=u, password=p)"),
        ("a.py", 'DB_PASSWORD = os.environ["PW"]\nif password == "abc": pass'),
        ("a.py", 'f"host={host} password={password}"'),
        ("x.sh", 'PGPASSWORD="$PW" psql\nPGPASSWORD=$(cat f) psql\nread -p "Password: " x'),
        ("x.tf", "password = var.db_password"),
        ("x.sql", "ALTER ROLE a PASSWORD NULL; ALTER ROLE b PASSWORD :'pw'"),
        ("a.txt", "cvs://:pserver:anon@sources.x.io:/cvs and `host=... password=...`"),
        ("README.md", "postgresql://app:@@@db.x.io/p"),
    ],
)
def test_not_written(path: str, text: str) -> None:
    assert seen(path, text) == []


DOCSTRING = 'def load():\n    """Load.\n\n    Example:\n        {}\n    """\n'


@pytest.mark.parametrize("where", [DOCSTRING, "# {}\n", "x = 1\n'a string of nobody, {}'\n"])
@pytest.mark.parametrize(
    "example",
    [
        # prefect, airflow, mlflow, SQLAlchemy
        "postgresql+asyncpg://username:password@hostname/db",
        "RedisStorage(redis://redis:SuperSecret@myredishost.com:6379)",
        "https://oauth2:my-token@gitlab.com/org/repo.git",
        "https://username:token@bitbucketserver.com/scm/project/repo.git",
        "CONN=type://my-login:my-pa%2Fssword@my-host:5432/my-schema",
        "mssql+pyodbc://scott:tiger^5HHH@mssql2017:1433/test",
        "postgresql://app:password123@db.x.io/p",
        "postgresql://app:app_password@db.x.io/p",
        "postgresql://app:hunter2@db.x.io/p",
        "postgresql://app:mysecretpw@db.x.io/p",
    ],
)
def test_examples_in_prose(where: str, example: str) -> None:
    assert seen("a.py", where.format(example)) == []


@pytest.mark.parametrize("where", [DOCSTRING, "# {}\n", "x = 1\n'a string of nobody, {}'\n"])
@pytest.mark.parametrize(
    ("password", "host"),
    [
        ("@@", "db.x.io"),
        ("@@", "hostname"),
        ("trompeta", "db.x.io"),
        ("admin", "db.x.io"),
        ("monkey", "db.x.io"),
        ("TokenRing44x", "db.x.io"),
    ],
)
def test_a_password_in_prose_is_one_still(where: str, password: str, host: str) -> None:
    text = where.format(f"postgresql://app:{password}@{host}/p")
    [(_, key, shown, at, local)] = seen("a.py", text)
    assert (key, shown, at, local) == (
        "postgresql URL",
        f"postgresql://app:***@{host}/p",
        host,
        False,
    )


@pytest.mark.parametrize(
    "text",
    [
        'url = "postgresql://app:SuperSecret@db.x.io/p"',
        "DB_PASSWORD = 'password123'",
        # Code that does not parse has no prose.
        '"""postgresql://app:SuperSecret@db.x.io/p"""\nif:\n',
    ],
)
def test_in_code_a_weak_password_is_one(text: str) -> None:
    assert len(seen("a.py", text)) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/locales/de/admin.json", '{"password": "Kennwort"}'),
        ("app/translations/es/LC_MESSAGES/messages.json", '{"u": "x://u:clave@servidor.es/b"}'),
        ("app/translations/es/LC_MESSAGES/messages.mo", "x://usuario:@@@servidor.es/b"),
        ("a.js", "'motor://usuario:contraseña@anfitrión:puerto/base'"),
        ("a.js", "'driver://login:geheim@host/db'"),
        ("a.txt", "DSN=some;UID=scott;PWD=tiger"),
    ],
)
def test_words_for_people(path: str, text: str) -> None:
    assert seen(path, text) == []


def test_two_urls_on_one_line_are_two() -> None:
    text = "'postgres://a:@@1@h1.io/x','postgres://b:@@2@h2.io/x'"
    assert [item[2] for item in seen("x.js", text)] == [
        "postgres://a:***@h1.io/x",
        "postgres://b:***@h2.io/x",
    ]


@pytest.mark.parametrize(
    "value",
    """
    *** xxxx changeme change_me Change-Me <password> [password] {password} ${VAR} $VAR $(cmd)
    {{x}} %(x)s your_password your-password-here YOURPASSWORD password pass secret example
    placeholder dummy todo made-up my-token
    env:NAME os.environ["X"] process.env.X !Ref vault:kv/x ENC[AES256]
    %3Cpassword%3E /run/secrets/pw
    """.split(),  # noqa: SIM905
)
def test_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["postgres", "hunter2", "p@ss", "Password1", "$ecret$", "s3cr3t"])
def test_passwords(value: str) -> None:
    assert is_placeholder(value) is (value == "$ecret$")


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("dbPassword", True),
        ("PGPASSWORD", True),
        ("POSTGRES_PASS", True),
        ("pwd", True),
        ("pass", False),
        ("compass", False),
        ("forgot_password", False),
        ("password_file", False),
    ],
)
def test_keys(key: str, names: bool) -> None:
    assert names_password(key) is names


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("db", True),
        ("postgres-1", True),
        ("prod-db", False),
        ("rabbitmq", True),
        ("mysql-prod", False),
        ("db.x.io", False),
        ("10.0.0.5", False),
        ("host.docker.internal", True),
        ("/var/run/postgresql", True),
        ("", False),
    ],
)
def test_hosts(host: str, local: bool) -> None:
    assert is_local_host(host) is local


def test_plain_host() -> None:
    assert plain_host("DB.x.io:5432") == "db.x.io"
    assert plain_host("[::1]:5432") == "::1"
    assert plain_host("%2Frun%2Fpg") == "/run/pg"
    assert plain_host("127.0.0.1:{port}") == "127.0.0.1"
    assert plain_host("{host}:{port}") == plain_host("${DB_HOST:-x}") == ""
    assert plain_host("::1") == "::1"
    assert plain_host("${DB_HOST}") == plain_host("%(host)s") == ""


@pytest.mark.parametrize(
    "line",
    [
        "a" * 2**20,
        "postgresql://" + "a:" * 2**19,
        "postgresql://a:b@" * 2**16,
        'password="' * 10**5,
        "password = x host=y;" * 2**15,
        'password="' + "\\" * 2**20,
        "name: " * 2**17,
        "a." * 2**18 + "password=" * 2**16,
    ],
    ids=range(8),
)
@pytest.mark.parametrize("path", ["a.ini", "a.yml", "a.json", "a.py", ".pgpass"])
def test_a_long_line_is_quick(path: str, line: str) -> None:
    began = time.process_time()
    passwords_in(path, line)
    assert time.process_time() - began < 5
