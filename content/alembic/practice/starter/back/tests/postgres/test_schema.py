"""The schema that the migrations build on PostgreSQL."""

import pytest
import sqlalchemy as sa


def test_upgrade_to_head_works_on_postgres(postgres):
    postgres.run("upgrade", "head")


def test_models_and_migrations_agree_on_postgres(postgres):
    postgres.run("upgrade", "head")
    postgres.run("check")


def test_status_is_an_enum_type(postgres):
    postgres.run("upgrade", "head")
    column = postgres.columns().get("status")
    assert column, "there is no column status"
    assert isinstance(column["type"], sa.Enum), f"status is {column['type']!r}, not an enum type"
    assert column["type"].name == "user_status", f"the type is named {column['type'].name}"
    assert set(column["type"].enums) == {"active", "away"}, f"labels: {column['type'].enums}"


def test_status_has_a_server_default_and_is_never_null(postgres):
    postgres.run("upgrade", "head")
    column = postgres.columns().get("status")
    assert column, "there is no column status"
    assert not column["nullable"], "status may be NULL"
    assert "active" in str(column["default"]), f"the server_default is {column['default']}"


def test_an_index_on_lower_email_is_unique(postgres):
    postgres.run("upgrade", "head")
    found = postgres.rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'users'")
    fitting = [text for (text,) in found if "UNIQUE" in text and "lower((email)" in text]
    assert fitting, f"no unique index on lower(email): {[text for (text,) in found]}"


def test_emails_differ_in_more_than_case(postgres):
    postgres.run("upgrade", "head")
    postgres.execute("INSERT INTO users (email) VALUES ('ann@city.test')")
    with pytest.raises(sa.exc.IntegrityError):
        postgres.execute("INSERT INTO users (email) VALUES ('ANN@city.test')")


def test_there_is_a_single_head_on_postgres(postgres):
    heads = postgres.heads()
    assert len(heads) == 1, f"there are {len(heads)} heads: {', '.join(heads)}"
