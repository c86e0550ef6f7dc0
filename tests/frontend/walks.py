"""Goes through a form as its writer would: each page with nothing, then nonsense, then answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from fastapi.testclient import TestClient

WRITTEN = "zqwritten"
MOST_STEPS = 90
NEVER = ("/me/not-safe", "/me/leave", "/me/lock")


@dataclass
class Walk:
    """The pages met so far, by what was done to see them."""

    client: TestClient
    pages: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> tuple[str, str]:
        """Open an address, through every redirect: where it ends, and the page."""
        for _ in range(6):
            answer = self.client.get(address)
            if answer.status_code != 303:
                break
            address = answer.headers["location"].split("#")[0]
        self.pages[f"GET {address}"] = answer.text
        return address, answer.text

    def post(self, address: str, fields: dict[str, list[str]], *, note: str) -> str:
        """Send a form; where it leads, or "" where the page came back."""
        answer = self.client.post(address, data=fields)
        if answer.status_code == 303:
            return str(answer.headers["location"]).split("#")[0]
        self.pages[f"POST {address} {note}"] = answer.text
        return ""

    def through(self, address: str) -> None:
        """From one page to where no new page is met."""
        seen: set[str] = set()
        for _ in range(MOST_STEPS):
            address, page = self.get(address)
            forms = list(forms_of(page, address))
            # A form's first page asks who is there, and then, under the same address, for topics.
            if address + forms_said(forms) in seen or not forms:
                return
            seen.add(address + forms_said(forms))
            address = self.answer(*forms[0]) or address

    def answer(self, action: str, form: Element) -> str:
        """One form: with nothing, with nonsense, then as somebody would fill it in."""
        self.post(action, fields_of(form, written=None), note="with nothing")
        self.post(action, fields_of(form, written="99"), note="with nonsense")
        onward = self.post(action, fields_of(form, written="1"), note="filled in")
        return onward or self.post(action, fields_of(form, written=WRITTEN), note="in words")


def forms_of(page: str, address: str) -> Iterator[tuple[str, Element]]:
    """The forms of a page's main part that are posted, each with where it goes."""
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    for main in tree.iter("main"):
        for form in main.iter("form"):
            action = unescape(form.get("action") or address)
            if form.get("method") == "post" and not action.startswith(NEVER):
                yield action, form


def forms_said(forms: list[tuple[str, Element]]) -> str:
    """What tells one page's forms from another's under the same address."""
    return "".join(action for action, _ in forms)


def fields_of(form: Element, *, written: str | None) -> dict[str, list[str]]:
    """What a form sends: nothing picked and nothing written for None, else the first option of
    each group, every box ticked, and `written` in each field."""
    fields: dict[str, list[str]] = {}
    for one in form.iter():
        name, kind = one.get("name"), one.get("type", "text")
        if not name or one.tag not in ("input", "textarea", "button", "select"):
            continue
        if kind == "hidden":
            fields[name] = [one.get("value", "")]
        elif one.tag == "button":
            fields.setdefault(name, [one.get("value", "")])
        elif written is not None:
            put(fields, name, kind, one, written)
    return fields


def put(fields: dict[str, list[str]], name: str, kind: str, one: Any, written: str) -> None:
    """Fill in one control."""
    value = one.get("value") or "on"
    if kind == "radio":
        fields.setdefault(name, [value])
    elif kind == "checkbox":
        fields.setdefault(name, []).append(value)
    else:
        year = "year" in name and written == "1"
        fields[name] = ["2026" if year else written]
