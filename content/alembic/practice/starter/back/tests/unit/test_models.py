"""The model of a resident."""

import sqlalchemy as sa


def full_name():
    from app.models import User

    columns = User.__table__.columns
    assert "full_name" in columns, "the model User has no field full_name"
    return columns["full_name"]


def test_user_has_a_full_name_of_120_characters():
    column = full_name()
    assert isinstance(column.type, sa.String), f"full_name is {column.type!r}, not a String"
    assert column.type.length == 120, f"full_name takes {column.type.length} characters, not 120"


def test_full_name_is_never_null():
    assert full_name().nullable is False, "full_name may be NULL: make it Mapped[str]"


def test_full_name_has_a_server_default_for_old_rows():
    default = full_name().server_default
    assert default is not None, "full_name has no server_default in the model"
    assert str(default.arg).strip("'") == "", f"the server_default is {default.arg!r}, not ''"
