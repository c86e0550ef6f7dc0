"""Counts what a browser really fetched: addresses, bytes on the wire, and what it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page

SETTLES_MS = 300  # the icon comes after everything else


@dataclass
class Fetch:
    """One answer from the network, headers and compressed body counted."""

    url: str
    kind: str
    started: float  # seconds on the browser's own clock
    arrived: float = 0.0  # the last of its bytes, on the same clock
    bytes_on_wire: int = 0
    is_from_cache: bool = False

    @property
    def host(self) -> str:
        """The machine that was asked."""
        return urlsplit(self.url).netloc


@dataclass
class Wire:
    """Everything that one page's browser fetched since it was opened or emptied."""

    fetches: list[Fetch] = field(default_factory=list)
    _open: dict[str, Fetch] = field(default_factory=dict)

    def listen(self, devtools: CDPSession) -> None:
        """Hear of every request, redirect, cache hit and end."""
        devtools.on("Network.requestWillBeSent", self._sent)
        devtools.on("Network.requestServedFromCache", self._cached)
        devtools.on("Network.responseReceived", self._received)
        devtools.on("Network.dataReceived", self._arrived)
        devtools.on("Network.loadingFinished", self._finished)
        devtools.on("Network.loadingFailed", self._finished)
        devtools.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        name = event["requestId"]
        if "redirectResponse" in event:
            self._open[name].bytes_on_wire = int(event["redirectResponse"]["encodedDataLength"])
        if event["request"]["url"].startswith("data:"):
            return
        fetch = Fetch(event["request"]["url"], event.get("type", "Other"), event["timestamp"])
        self._open[name] = fetch
        self.fetches.append(fetch)

    def _cached(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open:
            self._open[event["requestId"]].is_from_cache = True

    def _received(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        if event["requestId"] in self._open and answer.get("fromDiskCache"):
            self._open[event["requestId"]].is_from_cache = True

    def _arrived(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open:
            self._open[event["requestId"]].arrived = event["timestamp"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open:
            fetch = self._open[event["requestId"]]
            fetch.bytes_on_wire = int(event.get("encodedDataLength", 0))

    @property
    def asked(self) -> list[Fetch]:
        """What went over the wire; what lay in the cache did not."""
        return [one for one in self.fetches if not one.is_from_cache]

    @property
    def bytes_on_wire(self) -> int:
        """All of it together."""
        return sum(one.bytes_on_wire for one in self.asked)


@contextmanager
def wire_of(page: Page) -> Iterator[Wire]:
    """Listen to one page from now on."""
    devtools = page.context.new_cdp_session(page)
    wire = Wire()
    wire.listen(devtools)
    yield wire
    devtools.detach()


def settle(page: Page) -> None:
    """Wait until the page has fetched what it fetches once it is usable."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLES_MS)
