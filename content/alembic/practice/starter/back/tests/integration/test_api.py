"""The API on a database that the migrations have built."""

from fastapi.routing import APIRoute


async def test_a_resident_is_added_with_a_full_name(client):
    answer = await client.post("/users", json={"email": "ann@city.test", "full_name": "Ann Brook"})
    assert answer.status_code == 201, answer.text
    assert answer.json().get("full_name") == "Ann Brook", f"full_name is lost: {answer.text}"


async def test_full_name_is_empty_when_it_is_left_out(client):
    answer = await client.post("/users", json={"email": "ann@city.test"})
    assert answer.status_code == 201, answer.text
    assert answer.json().get("full_name") == "", f"full_name is not empty: {answer.text}"


async def test_a_resident_who_was_added_is_in_the_list(client):
    await client.post("/users", json={"email": "ann@city.test", "full_name": "Ann Brook"})
    listed = (await client.get("/users")).json()
    assert [user.get("full_name") for user in listed] == ["Ann Brook"], f"the list is {listed}"


async def test_a_resident_is_shown_by_number(client):
    added = (await client.post("/users", json={"email": "ann@city.test"})).json()
    answer = await client.get(f"/users/{added['id']}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["email"] == "ann@city.test"
    assert (await client.get("/users/999")).status_code == 404


async def test_an_email_that_is_taken_is_refused(client):
    await client.post("/users", json={"email": "ann@city.test"})
    answer = await client.post("/users", json={"email": "ann@city.test"})
    assert answer.status_code == 409, answer.text
    assert len((await client.get("/users")).json()) == 1


async def test_a_full_name_that_is_too_long_is_refused(client):
    answer = await client.post("/users", json={"email": "ann@city.test", "full_name": "x" * 121})
    assert answer.status_code == 422, f"121 characters were answered with {answer.status_code}"


async def test_every_address_of_the_api_is_known(client):
    from app.main import app

    paths = {route.path for route in app.routes if isinstance(route, APIRoute)}
    assert {"/users", "/users/{user_id}"} <= paths
