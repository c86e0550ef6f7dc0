"""A stand-in for GOV.UK Notify on loopback: checks signed tokens, and answers as Notify does."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SERVICE_ID = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"heard-{SERVICE_ID}-{SECRET}"
TEXT, EMAIL = "11111111-aaaa-4aaa-8aaa-000000000001", "11111111-aaaa-4aaa-8aaa-000000000002"
LANDLINE = "020 7946 0123"
FRESH_SECONDS = 30
LONGEST_HOLD = 20.0


@dataclass
class StandIn:
    """What it holds, and how it behaves next."""

    address: str = ""
    notifications: list[dict[str, Any]] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)  # the PDFs, in the order in which they came
    posts: int = 0
    look_ups: int = 0
    refuse_with: int = 0  # a status for every request until it is 0 again
    loses_answers: bool = False  # takes a message, then hangs up
    forgets: bool = False  # knows nothing that it took, as with Notify's own numbers for trials
    hold: str = ""  # "before" it writes the message down, or "after", before it answers
    is_held: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    is_down: bool = False

    def set_state(self, state: str) -> None:
        """What Notify learned from the telephone network about every message."""
        for one in self.notifications:
            one["status"] = state

    def wait_here(self, place: str) -> bool:
        """Hold a request at this place; True when it is to be dropped, as by a dead network."""
        if self.hold != place:
            return False
        self.is_held.set()
        self.let_go.wait(LONGEST_HOLD)
        return True


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def is_signed(header: str) -> bool:
    """Whether a bearer token is Notify's own: HS256 by the key's secret, our service, fresh."""
    kind, _, token = header.partition(" ")
    parts = token.split(".")
    if kind != "Bearer" or len(parts) != 3:
        return False
    signed = hmac.new(SECRET.encode(), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
    head, claims = json.loads(decoded(parts[0])), json.loads(decoded(parts[1]))
    return (
        head == {"typ": "JWT", "alg": "HS256"}
        and hmac.compare_digest(signed, decoded(parts[2]))
        and claims["iss"] == SERVICE_ID
        and abs(time.time() - claims["iat"]) <= FRESH_SECONDS
    )


def wrong_letter(asked: dict[str, Any]) -> str:
    """What Notify would say of a precompiled letter at once; "" where it takes it."""
    if not asked.get("reference"):
        return "reference is a required property"
    if asked.get("postage", "second") not in ("first", "second", "economy"):
        return "postage invalid. It must be either first, second or economy."
    if not base64.b64decode(asked["content"]).startswith(b"%PDF"):
        return "Letter content is not a valid PDF"
    return ""


class Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.stand_in.posts += 1
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.is_refused():
            return
        if asked.get("phone_number") == LANDLINE:
            self.refuse(400, "phone_number Not a UK mobile number")
            return
        kind = self.path.rpartition("/")[2]
        wrong = wrong_letter(asked) if kind == "letter" else ""
        if wrong:
            self.refuse(400, wrong)
            return
        if self.stand_in.wait_here("before"):
            return
        told = asked.get("personalisation", {})
        made = {
            "id": str(uuid.uuid4()),
            "reference": asked.get("reference"),
            "status": "pending-virus-check" if kind == "letter" else "created",
            "to": asked.get("phone_number") or asked.get("email_address"),
            "body": told.get("message"),
            "subject": told.get("subject"),
            "template": asked.get("template_id"),
            "postage": asked.get("postage"),
            "type": kind,
        }
        if kind == "letter":
            self.stand_in.letters.append(base64.b64decode(asked["content"]))
        self.stand_in.notifications.append(made)
        if self.stand_in.wait_here("after") or self.stand_in.loses_answers:
            return
        self.answer(201, {"id": made["id"], "reference": made["reference"]})

    def do_GET(self) -> None:
        self.stand_in.look_ups += 1
        if self.is_refused():
            return
        wanted = parse_qs(urlsplit(self.path).query)["reference"][0]
        found = [one for one in self.stand_in.notifications if one["reference"] == wanted]
        if self.stand_in.forgets:
            found = []
        self.answer(200, {"notifications": found, "links": {"current": self.path}})

    def is_refused(self) -> bool:
        if self.stand_in.is_down:
            return True  # hangs up without a word
        if not is_signed(self.headers.get("Authorization", "")):
            self.refuse(403, "Invalid token: signature")
            return True
        if self.stand_in.refuse_with:
            self.refuse(self.stand_in.refuse_with, "refused by the stand-in")
            return True
        return False

    def refuse(self, status: int, words: str) -> None:
        kind = "ValidationError" if status == 400 else "Error"
        self.answer(status, {"status_code": status, "errors": [{"error": kind, "message": words}]})

    def answer(self, status: int, body: dict[str, Any]) -> None:
        packed = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in on a free port of loopback; it ends with the block, whatever it holds."""
    stand_in = StandIn()
    handler = type("Bound", (Handler,), {"stand_in": stand_in})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
