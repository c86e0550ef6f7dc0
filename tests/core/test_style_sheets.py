"""A page brings its style sheets itself to whoever comes from elsewhere, each allowed by hash."""

import base64
import hashlib
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.core.guard import allow_styles, content_policy
from backend.core.style_sheets import STATIC, StyleSheets, text_of
from backend.settings import ROOT

SHEET = "css/contributor.css"
LINK = re.compile(r'<link rel="stylesheet"( media="not all")? href="/static/css/contributor\.css')
OURS = {"Referer": "http://testserver/me/help"}


def styles_allowed(answer: Any) -> list[str]:
    """What the answer's own policy says of style sheets."""
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    return str(policy["style-src"]).split()


def squeeze(css: str) -> str:
    """What a browser makes of it: no comment, no space."""
    return re.sub(r"\s", "", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))


def test_no_space_is_lost_that_means_something() -> None:
    inside = text_of(SHEET)
    for rule in (".skip:not(:focus)", ".pick > :checked ~ .reveal{", "max(1rem, 50% - 16rem)"):
        assert rule.replace(", ", ",") in inside
    assert "/*" not in inside


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": "https://elsewhere.example/me/help"},
        {"Referer": "http://testserver/staff/people/1/door"},
        {"Referer": "http://testserver/me"},
        {"Referer": "not an address"},
    ],
)
def test_who_comes_from_elsewhere_gets_the_sheet_in_the_page(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = client.get("/me/", headers=headers)
    inside = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert len(inside) == 1
    assert squeeze(inside[0]) == squeeze((STATIC / SHEET).read_text())
    digest = hashlib.sha256(inside[0].encode()).digest()
    source = f"'sha256-{base64.b64encode(digest).decode()}'"
    assert styles_allowed(answer) == ["'self'", source]


def test_the_file_follows_from_the_foot_where_nothing_waits_for_it(client: TestClient) -> None:
    page = client.get("/me/").text
    assert LINK.findall(page) == [' media="not all"']
    foot = page.index("</footer>")
    for late in ('media="not all"', "<script"):
        assert page.index(late) > foot


def test_who_comes_from_our_own_page_gets_a_link_and_no_hash(client: TestClient) -> None:
    answer = client.get("/me/", headers=OURS)
    assert "<style" not in answer.text
    assert LINK.findall(answer.text) == [""]
    assert styles_allowed(answer) == ["'self'"]


def test_a_page_that_is_not_there_and_one_that_was_posted_are_whole_as_well(
    client: TestClient,
) -> None:
    for answer in (client.get("/me/nothing-here"), client.post("/me/", data={"code": ""})):
        assert "<style>" in answer.text
        assert len(styles_allowed(answer)) == 2


def test_every_sheet_of_a_page_is_named_in_its_policy_in_order() -> None:
    sheets = StyleSheets(are_fetched=False)
    sheets.put(SHEET)
    sheets.put("css/reports.css")
    assert len(set(sheets.sources)) == 2
    wanted = " ".join(["style-src 'self'", *sheets.sources]) + ";"
    assert wanted in allow_styles(content_policy(), sheets.sources)
    assert str(sheets.follow()).count("<link") == 2


def test_staff_pages_allow_no_style_inside(client: TestClient) -> None:
    assert styles_allowed(client.get("/staff/sign-in")) == ["'self'"]


def test_every_contributor_template_puts_its_sheets_so() -> None:
    folder = ROOT / "frontend" / "templates" / "contributor"
    linked = [path.name for path in folder.rglob("*.html") if "stylesheet" in path.read_text()]
    assert linked == []
    assert "style_sheets.put(" in (folder / "base.html").read_text()
