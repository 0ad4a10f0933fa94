"""Rows and rollbacks on PostgreSQL."""

import sqlalchemy as sa

OLD = [("ann@city.test", "Ann Brook"), ("bob@city.test", "")]


def seed(postgres) -> None:
    """A city as BASIC left it: some residents with a name, some without."""
    postgres.run("upgrade", postgres.revisions()[1])
    for email, name in OLD:
        statement = "INSERT INTO users (email, full_name) VALUES (:email, :name)"
        postgres.execute(statement, email=email, name=name)


def later(postgres) -> list[str]:
    revisions = postgres.revisions()[2:]
    assert revisions, "there is no revision after that of full_name"
    return revisions


def types(postgres) -> list[str]:
    rows = postgres.rows("SELECT typname FROM pg_type WHERE typtype = 'e' ORDER BY typname")
    return [name for (name,) in rows]


def snapshot(postgres) -> tuple:
    columns = {
        name: (str(column["type"]), column["nullable"], column["default"])
        for name, column in postgres.columns().items()
    }
    found = postgres.rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'users' ORDER BY 1")
    return columns, found, types(postgres)


def test_rows_survive_the_way_to_head(postgres):
    seed(postgres)
    later(postgres)
    postgres.run("upgrade", "head")
    rows = postgres.rows("SELECT email FROM users ORDER BY email")
    assert rows == [(email,) for email, _ in OLD], f"the rows became {rows}"


def test_an_old_row_is_active(postgres):
    seed(postgres)
    later(postgres)
    postgres.run("upgrade", "head")
    assert "status" in postgres.columns(), "there is no column status"
    rows = postgres.rows("SELECT DISTINCT status::text FROM users")
    assert rows == [("active",)], f"old rows have the status {rows}"


def test_an_empty_full_name_is_filled_from_the_email(postgres):
    seed(postgres)
    later(postgres)
    postgres.run("upgrade", "head")
    rows = postgres.rows("SELECT email, full_name FROM users ORDER BY email")
    wanted = [("ann@city.test", "Ann Brook"), ("bob@city.test", "bob")]
    assert rows == wanted, f"the data migration made {rows}, not {wanted}"


def test_stairway_up_down_and_up_again_with_rows(postgres):
    seed(postgres)
    for revision in later(postgres):
        before = snapshot(postgres)
        postgres.run("upgrade", revision)
        postgres.run("downgrade", "-1")
        after = snapshot(postgres)
        assert after == before, f"downgrade of {revision} left {after}, not {before}"
        postgres.run("upgrade", revision)
    rows = postgres.rows("SELECT email FROM users ORDER BY email")
    assert rows == [(email,) for email, _ in OLD], f"the rows became {rows}"


def test_downgrade_drops_the_enum_type(postgres):
    seed(postgres)
    later(postgres)
    postgres.run("upgrade", "head")
    assert types(postgres), "upgrade head made no enum type"
    postgres.run("downgrade", postgres.revisions()[1])
    assert types(postgres) == [], f"the downgrade left the types {types(postgres)}"


def test_downgrade_to_base_leaves_an_empty_database(postgres):
    postgres.run("upgrade", "head")
    postgres.run("downgrade", "base")
    tables = sa.inspect(postgres.engine).get_table_names()
    assert tables == ["alembic_version"], f"the downgrade left {tables}"
    assert types(postgres) == [], f"the downgrade left the types {types(postgres)}"
    postgres.run("upgrade", "head")
