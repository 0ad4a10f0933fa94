"""The revision that brings full_name, on SQLite."""

import hashlib
from pathlib import Path

VERSIONS = Path(__file__).resolve().parents[2] / "migrations/versions"
FIRST = "3235709c8d5b4a495d83bcfb42d351bcfc04bcb06113a7be38d45a18e915112a"


def new_revision(migrations) -> str:
    revisions = migrations.revisions()
    assert len(revisions) > 1, "there is no revision after 0001: make one and add it to git"
    return revisions[1]


def test_the_applied_revision_0001_is_not_edited():
    text = (VERSIONS / "0001_init.py").read_text("utf-8").replace("\r\n", "\n")
    found = hashlib.sha256(text.encode()).hexdigest()
    assert found == FIRST, "0001_init.py was edited: databases have run it already, add a revision"


def test_there_is_a_single_head(migrations):
    heads = migrations.heads()
    assert len(heads) == 1, f"there are {len(heads)} heads: {', '.join(heads)}"


def test_a_new_revision_follows_0001(migrations):
    new_revision(migrations)


def test_upgrade_adds_full_name(migrations):
    new_revision(migrations)
    migrations.run("upgrade", "head")
    column = migrations.columns().get("full_name")
    assert column, "upgrade head did not add the column full_name"
    assert column["type"].length == 120, f"the column is {column['type']}, not VARCHAR(120)"
    assert not column["nullable"], "the column full_name may be NULL"


def test_rows_survive_the_upgrade(migrations):
    migrations.run("upgrade", "0001")
    migrations.execute("INSERT INTO users (email) VALUES ('ann@city.test')")
    migrations.run("upgrade", new_revision(migrations))
    rows = migrations.rows("SELECT email, full_name FROM users")
    assert rows == [("ann@city.test", "")], f"a row from before the upgrade became {rows}"


def test_downgrade_removes_full_name_and_keeps_rows(migrations):
    new = new_revision(migrations)
    migrations.run("upgrade", "0001")
    before = sorted(migrations.columns())
    migrations.run("upgrade", new)
    migrations.execute("INSERT INTO users (email, full_name) VALUES ('ann@city.test', 'Ann')")
    migrations.run("downgrade", "0001")
    after = sorted(migrations.columns())
    assert after == before, f"after the downgrade the columns are {after}, not {before}"
    assert migrations.rows("SELECT email FROM users") == [("ann@city.test",)]


def test_the_way_down_and_up_again_works(migrations):
    migrations.run("upgrade", "head")
    migrations.run("downgrade", "base")
    migrations.run("upgrade", "head")


def test_models_and_migrations_agree(migrations):
    migrations.run("upgrade", "head")
    migrations.run("check")
