"""Answers are compressed where it helps, and never where it would harm."""

import gzip

import pytest
from fastapi.testclient import TestClient

SQUEEZED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("address", ["/me/", "/staff/sign-in", "/static/css/contributor.css"])
def test_a_text_travels_compressed_and_says_so(client: TestClient, address: str) -> None:
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", address, headers=SQUEEZED) as answer:
        body = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["vary"]
        assert int(answer.headers["content-length"]) == len(body)
    assert gzip.decompress(body) == plain.content
    assert len(body) < len(plain.content) / 2


def test_what_is_tiny_travels_as_it_is(client: TestClient) -> None:
    answer = client.get("/healthz", headers=SQUEEZED)
    assert "content-encoding" not in answer.headers


def test_a_page_of_somebody_is_still_kept_by_no_cache(client: TestClient) -> None:
    assert client.get("/me/", headers=SQUEEZED).headers["cache-control"] == "no-store"
