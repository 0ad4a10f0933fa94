"""What the given tests share: Alembic, databases, the API."""

import asyncio
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

BACK = Path(__file__).resolve().parents[1]
# Last: a module of one's own never stands in the way of an installed one.
sys.path.append(str(BACK))


@dataclass(frozen=True)
class Migrations:
    """Alembic on one database."""

    url: str
    """The address for the application, with an asynchronous driver."""
    engine: sa.Engine
    """The same database, for the tests to look at."""

    def run(self, name: str, *arguments: str) -> str:
        """Runs a command of Alembic, such as upgrade head, and returns what it printed."""
        said = io.StringIO()
        config = Config(BACK / "alembic.ini", stdout=said)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DATABASE_URL", self.url)
            try:
                getattr(command, name)(config, *arguments)
            except Exception as error:
                # One sentence: what failed, and what the database or Alembic said.
                kind, message = type(error).__name__, str(error).strip()
                words = " ".join(("alembic", name, *arguments))
                pytest.fail(f"{words} failed: {kind}: {message}", pytrace=False)
        return said.getvalue()

    def revisions(self) -> list[str]:
        """The revisions from the first to the last."""
        lines = self.run("history").strip().splitlines()
        return [line.split("->")[1].split(",")[0].split("(")[0].strip() for line in reversed(lines)]

    def heads(self) -> list[str]:
        return [line.split()[0] for line in self.run("heads").splitlines() if line.strip()]

    def columns(self, table: str = "users") -> dict[str, dict]:
        return {column["name"]: column for column in sa.inspect(self.engine).get_columns(table)}

    def execute(self, statement: str, **values) -> sa.CursorResult:
        with self.engine.begin() as connection:
            return connection.execute(sa.text(statement), values)

    def rows(self, statement: str) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]


@pytest.fixture
def make_migrations():
    return Migrations


@pytest.fixture
def migrations(tmp_path):
    """Alembic on an empty SQLite database."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/city.db")
    yield Migrations(f"sqlite+aiosqlite:///{tmp_path}/city.db", engine)
    engine.dispose()


@pytest.fixture
async def client(migrations, monkeypatch):
    """The API on a database that the migrations have built."""
    import httpx

    from app.db import engine_of
    from app.main import app

    await asyncio.to_thread(migrations.run, "upgrade", "head")
    monkeypatch.setenv("DATABASE_URL", migrations.url)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://city.test") as opened:
        yield opened
    await engine_of(migrations.url).dispose()
