"""A mail server on loopback that keeps what it takes, and may hold its answer."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

LONGEST_HOLD = 20.0


class MailBox:
    """What came, and how the server behaves next."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.refused: set[str] = set()
        self.data_answer = "250 kept"
        self.holds_answer = False
        self.is_held = threading.Event()
        self.port = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such person here"
        envelope.rcpt_tos.append(address)
        return "250 good"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            self.came.append(envelope.content.decode())
        if self.holds_answer:
            self.is_held.set()
            await asyncio.sleep(LONGEST_HOLD)
        return self.data_answer


@contextmanager
def running() -> Iterator[MailBox]:
    """A server on a free port; it ends with the block."""
    box = MailBox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)
