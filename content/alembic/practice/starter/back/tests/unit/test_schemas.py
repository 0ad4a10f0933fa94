"""What the API takes and gives."""

import pytest
from pydantic import ValidationError


def test_input_takes_a_full_name():
    from app.schemas import UserIn

    taken = UserIn(email="ann@city.test", full_name="Ann Brook").model_dump()
    assert taken.get("full_name") == "Ann Brook", "UserIn has no field full_name"


def test_full_name_may_be_left_out():
    from app.schemas import UserIn

    taken = UserIn(email="ann@city.test").model_dump()
    assert taken.get("full_name") == "", "full_name left out has to be an empty string"


def test_a_full_name_of_121_characters_is_refused():
    from app.schemas import UserIn

    UserIn(email="ann@city.test", full_name="x" * 120)
    with pytest.raises(ValidationError):
        UserIn(email="ann@city.test", full_name="x" * 121)


def test_output_shows_the_full_name():
    from app.schemas import UserOut

    assert "full_name" in UserOut.model_fields, "UserOut has no field full_name"


def test_an_address_without_at_is_refused():
    from app.schemas import UserIn

    with pytest.raises(ValidationError):
        UserIn(email="ann.city.test")
