"""Cross-site posts are refused, our own are not, and too much is refused kindly."""

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("address", ["/me/", "/staff/sign-in"])
def test_a_post_from_another_site_is_refused(
    client: TestClient, address: str, headers: dict[str, str]
) -> None:
    assert TestClient.request(client, "POST", address, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}],
)
def test_a_post_of_our_own_pages_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/staff/sign-in", data={"email": "a@b.example"}, headers=headers)
    assert answer.status_code == 422


def test_three_megabytes_are_refused_with_a_way_on(client: TestClient) -> None:
    answer = client.post("/me/", data={"code": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Nothing is lost" in answer.text


def test_nobody_can_read_an_interface_description(client: TestClient) -> None:
    for address in ("/me/openapi.json", "/staff/openapi.json", "/me/docs", "/staff/docs"):
        assert client.get(address).status_code in (303, 404)
