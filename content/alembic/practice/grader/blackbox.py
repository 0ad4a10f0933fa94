#!/usr/bin/env python3
"""Checks a member's migrations from outside, on a real PostgreSQL, and writes a JUnit report.

The member's code runs only in child processes: `alembic` in a copy of the tree, with a bare
environment and a database role of its own. What the migrations did is read from the catalogue of
PostgreSQL by this process, over connections of another role. A child that fails has failed; that
one says it succeeded proves nothing: env.py and the revisions are the member's, and can end the
process as they like. So heads are read from the files, and models are compared by their tables.
"""

import argparse
import ast
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine, MetaData, create_engine, pool

SECONDS = 60
FIRST = "0001"
OLD_ROWS = [("ann@city.test",), ("bob@city.test",)]
MAKE_TABLES = """
import asyncio, os, sys
from sqlalchemy.ext.asyncio import create_async_engine
sys.path.insert(0, os.getcwd())
from app.models import Base

async def make():
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()

asyncio.run(make())
"""
"""The member's models, made into tables without a revision and without env.py."""


class Failed(Exception):
    """The migrations do not do what they should; the text is for the member."""


class City:
    """A fresh database, the member's Alembic that works on it, and eyes of our own."""

    def __init__(self, admin: str, tree: Path, user: str | None):
        self.admin, self.tree, self.user = admin, tree, user
        self.name = f"blackbox_{uuid.uuid4().hex[:12]}"
        self.password = uuid.uuid4().hex
        # Sees all that the member's role owns and is no superuser: the member's triggers may run as it.
        # It connects anew each time, so that nothing a trigger sets outlives a question.
        self.eyes = make_conninfo(
            admin,
            dbname=self.name,
            user=f"{self.name}_eyes",
            password=uuid.uuid4().hex,
            options="-c search_path=public -c statement_timeout=30s",
        )

    def __enter__(self):
        with psycopg.connect(self.admin, autocommit=True) as server:
            name, eyes = sql.Identifier(self.name), conninfo_to_dict(self.eyes)
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            server.execute(create.format(name, sql.Literal(self.password)))
            server.execute(create.format(sql.Identifier(eyes["user"]), sql.Literal(eyes["password"])))
            server.execute(sql.SQL("GRANT {} TO {}").format(name, sql.Identifier(eyes["user"])))
            server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
        return self

    def __exit__(self, *_):
        with psycopg.connect(self.admin, autocommit=True) as server:
            name = sql.Identifier(self.name)
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
            server.execute(sql.SQL("DROP ROLE {}, {}").format(name, sql.Identifier(f"{self.name}_eyes")))

    def address(self) -> str:
        """The database for the member's role and an asynchronous driver."""
        parts = conninfo_to_dict(self.admin)
        place = {key: parts[key] for key in ("host", "port") if parts.get(key)}
        base = f"postgresql+asyncpg://{self.name}:{self.password}@/{self.name}"
        return f"{base}?{urlencode(place)}" if place else base

    def child(self, what: str, *command: str) -> str:
        """Runs Python as the member's account and returns what it said; `what` names it in words."""
        account = {}
        if self.user:
            entry = pwd.getpwnam(self.user)
            account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.tree),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            # Else a folder alembic/ of the member's would be run in the place of Alembic.
            "PYTHONSAFEPATH": "1",
            "DATABASE_URL": self.address(),
        }
        try:
            done = subprocess.run(
                [sys.executable, *command],
                cwd=self.tree,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
                **account,
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{what} did not end within {SECONDS} seconds") from error
        if done.returncode != 0:
            raise Failed(f"{what} failed: {reason(done)}")
        return done.stdout

    def alembic(self, *arguments: str) -> str:
        return self.child(" ".join(("alembic", *arguments)), "-m", "alembic", *arguments)

    def make_tables(self) -> None:
        """Makes the tables of the models, as they are, without the revisions."""
        self.child("making the tables of app.models", "-c", MAKE_TABLES)

    def engine(self) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(self.eyes),
            poolclass=pool.NullPool,
        )

    def ask(self, query: str, *values) -> list[tuple]:
        with psycopg.connect(self.eyes, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def tell(self, statement: str, *values) -> None:
        with psycopg.connect(self.eyes, autocommit=True) as connection:
            connection.execute(statement, values)

    def column(self, name: str) -> dict:
        rows = self.ask(
            "SELECT data_type, character_maximum_length, is_nullable, column_default, udt_name"
            " FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = 'users' AND column_name = %s",
            name,
        )
        if not rows:
            raise Failed(f"the table users has no column {name}")
        return dict(zip(("type", "length", "nullable", "default", "udt"), rows[0], strict=True))

    def schema(self) -> dict[str, list[tuple]]:
        """All that migrations may change, but for Alembic's own table."""
        own = "c.relname <> 'alembic_version' AND n.nspname = 'public'"
        relation = "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        return {
            "tables": self.ask(
                f"SELECT c.relname, c.relkind::text FROM {relation}"
                f" WHERE {own} AND c.relkind IN ('r', 'v', 'S', 'm') ORDER BY 1"
            ),
            "columns": self.ask(
                "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,"
                " column_default FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2"
            ),
            "indexes": self.ask(
                "SELECT indexdef FROM pg_indexes"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
            ),
            "constraints": self.ask(
                f"SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)"
                f" FROM pg_constraint k JOIN {relation} ON c.oid = k.conrelid"
                f" WHERE {own} ORDER BY 1, 2"
            ),
            "enum types": self.ask(
                "SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid"
                " ORDER BY 1, e.enumsortorder"
            ),
            "triggers": self.ask(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
            ),
            "functions": self.ask(
                "SELECT oid::regprocedure::text FROM pg_proc"
                " WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
            ),
            "schemas": self.ask(
                "SELECT nspname FROM pg_namespace"
                " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1"
            ),
        }

    def to_first(self) -> None:
        """The first revision, as it is in every database already, with two residents."""
        self.alembic("upgrade", FIRST)
        for row in OLD_ROWS:
            self.tell("INSERT INTO users (email) VALUES (%s)", *row)

    def residents(self) -> list[tuple]:
        return self.ask("SELECT email FROM users ORDER BY email")


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """The line of an output that says what went wrong."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    for line in reversed(lines):
        if "Error" in line or line.startswith("FAILED") or "(psycopg" in line or "(sqlalchemy" in line:
            return line
    return lines[-1] if lines else f"exit code {done.returncode}"


def expect(holds: bool, message: str) -> None:
    if not holds:
        raise Failed(message)


def read_revisions(tree: Path) -> dict[str, tuple[str, ...]]:
    """Each revision with those before it, from the text of the files: they are not run."""
    found = {}
    for path in sorted((tree / "migrations/versions").rglob("*.py")):
        names = literals(path)
        revision, before = names.get("revision"), names.get("down_revision", ())
        before = (before,) if isinstance(before, str) else tuple(before or ())
        expect(
            isinstance(revision, str) and all(isinstance(one, str) for one in before),
            f"{path.name}: revision and down_revision are not written as texts, as Alembic writes them",
        )
        expect(revision not in found, f"{path.name}: the revision {revision} is there twice")
        found[revision] = before
    return found


def literals(path: Path) -> dict:
    """The names at the top of a file that a plain value is assigned to; any other value is an ellipsis."""
    try:
        body = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Failed(f"{path.name} cannot be read: {type(error).__name__}: {error}") from error
    found = {}
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = plain(getattr(node, "value", None))
    return found


def plain(value: ast.expr | None):
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError):
        return (...,)


def single_head(city: City) -> None:
    city.alembic("heads")
    revisions = read_revisions(city.tree)
    heads = sorted(set(revisions) - {one for before in revisions.values() for one in before})
    expect(len(heads) == 1, f"there are {len(heads)} heads: {', '.join(heads)}")
    city.alembic("upgrade", "heads")
    versions = [version for (version,) in city.ask("SELECT version_num FROM alembic_version ORDER BY 1")]
    expect(versions == heads, f"after upgrade heads the database is at {', '.join(versions)}, not {heads[0]}")
    expect(heads != [FIRST], "there is no revision after 0001")


def upgrade_from_empty(city: City) -> None:
    city.alembic("upgrade", "head")
    tables = [name for name, kind in city.schema()["tables"] if kind == "r"]
    expect("users" in tables, f"upgrade head made the tables {tables}, and users is not among them")


def full_name_column(city: City) -> None:
    city.alembic("upgrade", "head")
    column = city.column("full_name")
    kind = f"{column['type']} of {column['length']}"
    expect(column["type"] == "character varying", f"full_name is {kind}, not VARCHAR(120)")
    expect(column["length"] == 120, f"full_name is {kind}, not VARCHAR(120)")
    expect(column["nullable"] == "NO", "full_name may be NULL")
    expect(column["default"] is not None, "full_name has no server_default")


def rows_survive_upgrade(city: City) -> None:
    city.to_first()
    city.alembic("upgrade", "head")
    expect(city.residents() == OLD_ROWS, f"the rows became {city.residents()}")
    column = city.column("full_name")
    nulls = city.ask("SELECT count(*) FROM users WHERE full_name IS NULL")[0][0]
    expect(nulls == 0, f"{nulls} old rows have no full_name, its default is {column['default']}")


def downgrade_restores_schema(city: City) -> None:
    city.to_first()
    before = city.schema()
    city.alembic("upgrade", "head")
    expect(city.schema() != before, "upgrade head changed nothing after 0001")
    city.alembic("downgrade", FIRST)
    after = city.schema()
    for kind, rows in before.items():
        more = [row for row in after[kind] if row not in rows]
        less = [row for row in rows if row not in after[kind]]
        expect(not more, f"the downgrade left {kind}: {more}")
        expect(not less, f"the downgrade lost {kind}: {less}")
    expect(city.residents() == OLD_ROWS, f"the rows became {city.residents()}")


def second_upgrade_works(city: City) -> None:
    city.to_first()
    city.alembic("upgrade", "head")
    first = city.schema()
    city.alembic("downgrade", FIRST)
    city.alembic("upgrade", "head")
    expect(city.schema() == first, "the second upgrade built another schema than the first")


def models_and_migrations_agree(city: City) -> None:
    city.alembic("upgrade", "head")
    city.column("full_name")
    city.alembic("check")
    with City(city.admin, city.tree, city.user) as models:
        models.make_tables()
        wanted = MetaData()
        with models.engine().connect() as connection:
            wanted.reflect(connection)
        with city.engine().connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_server_default": True})
            operations = compare_metadata(context, wanted)
    expect(not operations, f"New upgrade operations detected: {operations}")


def status_enum_type(city: City) -> None:
    city.to_first()
    city.alembic("upgrade", "head")
    column = city.column("status")
    expect(column["udt"] == "user_status", f"status has the type {column['udt']}, not user_status")
    labels = {label for name, label in city.schema()["enum types"] if name == "user_status"}
    expect(labels == {"active", "away"}, f"the labels of user_status are {sorted(labels)}")
    expect(column["nullable"] == "NO", "status may be NULL")
    old = city.ask("SELECT DISTINCT status::text FROM users")
    expect(old == [("active",)], f"old rows have the status {old}")


def unique_lower_email(city: City) -> None:
    city.to_first()
    city.alembic("upgrade", "head")
    try:
        city.tell("INSERT INTO users (email) VALUES (%s)", OLD_ROWS[0][0].upper())
    except psycopg.errors.UniqueViolation:
        return
    raise Failed("an email in capitals is registered twice: there is no unique index on lower(email)")


def empty_full_name_is_filled(city: City) -> None:
    city.to_first()
    city.alembic("upgrade", "head")
    rows = city.ask("SELECT full_name FROM users ORDER BY email")
    expect(rows == [("ann",), ("bob",)], f"old rows have the full_name {rows}, not ann and bob")


BASIC = (
    single_head,
    upgrade_from_empty,
    full_name_column,
    rows_survive_upgrade,
    downgrade_restores_schema,
    second_upgrade_works,
    models_and_migrations_agree,
)
ADVANCED = (*BASIC, status_enum_type, unique_lower_email, empty_full_name_is_filled)


def report(suite: ET.Element, check, admin: str, tree: Path, user: str | None) -> bool:
    case = ET.SubElement(suite, "testcase", classname="blackbox", name=check.__name__)
    started = time.monotonic()
    kind = message = None
    try:
        with City(admin, tree, user) as city:
            check(city)
    except (Failed, psycopg.Error) as error:
        kind, message = "failure", str(error).strip()
    except Exception as error:
        kind, message = "error", f"{type(error).__name__}: {error}"
    case.set("time", f"{time.monotonic() - started:.3f}")
    if kind:
        clean = "".join(c if c.isprintable() or c == "\n" else "?" for c in message)[:2000]
        ET.SubElement(case, kind, message=clean).text = clean
        # One line: a workflow would take a line that begins with `::` for a command of its own.
        print(f"FAILED {check.__name__}: {' '.join(clean.split())}")
    return kind is None


def copy_of(tree: Path, into: Path, user: str | None) -> Path:
    """A copy without links and caches, which the child's account can read."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "node_modules", ".venv", "*.db")
    copied = into / "back"
    shutil.copytree(tree, copied, ignore=ignored, symlinks=True)
    for path in list(copied.rglob("*")):
        if path.is_symlink():
            path.unlink()
    if user:
        os.chmod(into, 0o755)
    return copied


def with_new_password(admin: str) -> str:
    """The administrator's address with a password that only this process knows."""
    password = uuid.uuid4().hex
    with psycopg.connect(admin, autocommit=True) as server:
        change = sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}")
        server.execute(change.format(sql.Literal(password)))
    return make_conninfo(admin, password=password)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--practice", choices=("basic", "advanced"), required=True)
    options.add_argument("--tree", type=Path, required=True, help="the member's back/")
    options.add_argument("--admin-url", required=True, help="may make databases and roles")
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--user", help="the account that runs the member's code")
    options.add_argument(
        "--new-password",
        action="store_true",
        help="change the administrator's password first: everyone knows the one of a CI's database",
    )
    options.add_argument("--annotate", action="store_true", help="say the verdict as GitHub's annotation")
    given = options.parse_args()
    admin = with_new_password(given.admin_url) if given.new_password else given.admin_url
    checks = BASIC if given.practice == "basic" else ADVANCED
    suite = ET.Element("testsuite", name="blackbox")
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_of(given.tree, Path(folder), given.user)
        passed = [report(suite, check, admin, tree, given.user) for check in checks]
    suite.set("tests", str(len(passed)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(suite).write(given.out, encoding="utf-8", xml_declaration=True)
    verdict = f"{sum(passed)} of {len(passed)} checks passed"
    if given.annotate:
        level = "notice" if all(passed) else "error"
        digest = hashlib.sha256(given.out.read_bytes()).hexdigest()
        verdict = f"::{level} title=black box::{verdict}; sha256 of blackbox.xml: {digest}"
    print(verdict)
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
