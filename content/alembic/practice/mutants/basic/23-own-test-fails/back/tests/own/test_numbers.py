async def test_the_first_resident_has_the_number_zero(client):
    added = await client.post("/users", json={"email": "ann@city.test"})
    assert added.json()["id"] == 0
