import pytest

from app.greeting import greeting


@pytest.mark.parametrize("hour", range(-1, 25))
def test_every_hour_has_a_greeting(hour):
    assert greeting(hour, "Ann") != greeting(hour, "") or hour in {-1, 24}
