"""A PostgreSQL of the tests' own: a database for each, on the server of DATABASE_URL_PG."""

import os
import uuid

import pytest
import sqlalchemy as sa


@pytest.fixture
def postgres(request):
    """Alembic on an empty database of a real PostgreSQL."""
    address = os.environ.get("DATABASE_URL_PG")
    if not address:
        pytest.fail("DATABASE_URL_PG is not set: start the database of docker-compose.yml", False)
    server = sa.make_url(address).set(drivername="postgresql+psycopg")
    name = f"test_{uuid.uuid4().hex}"
    control = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = server.set(database=name)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    text = url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    yield request.getfixturevalue("make_migrations")(text, engine)
    engine.dispose()
    with control.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    control.dispose()
