"""The same ten questions as a plain HTML page and as SurveyJS pages, on a server of their own."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.bench.questions import Asked

PACKAGES = Path(__file__).parent / "node_modules"
FILES = {
    "/survey-core.css": PACKAGES / "survey-core" / "survey-core.fontless.min.css",
    "/survey-core.js": PACKAGES / "survey-core" / "survey.core.min.js",
    "/survey-ui.js": PACKAGES / "survey-js-ui" / "survey-js-ui.min.js",
}
TYPES = {".css": "text/css", ".js": "text/javascript"}
HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Heard</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,">'
)


def plain_page(questions: list[Asked]) -> str:
    """What a browser shows soonest: no style sheet, no script, one form."""
    parts = [
        HEAD,
        '</head><body><main><h1>Before my meeting</h1><form method="post" action="/post">',
    ]
    for number, asked in enumerate(questions):
        parts.append(plain_question(f"q{number}", asked))
    return "".join([*parts, '<button type="submit">Send</button></form></main></body></html>'])


def plain_question(name: str, asked: Asked) -> str:
    """One question in the plainest HTML that is still labelled."""
    if not asked.options:
        label = f'<p><label for="{name}">{escape(asked.text)}</label></p>'
        return f'{label}<textarea id="{name}" name="{name}" rows="4"></textarea>'
    kind = "checkbox" if asked.takes_several else "radio"
    rows = [
        f'<p><label><input type="{kind}" name="{name}" value="{place}"> {escape(word)}</label></p>'
        for place, word in enumerate(asked.options)
    ]
    legend = f"<legend>{escape(asked.text)}</legend>"
    return f"<fieldset>{legend}{''.join(rows)}</fieldset>"


def survey_page(questions: list[Asked], *, one_a_screen: bool) -> str:
    """SurveyJS as its own guide sets it up, its scripts deferred so that they load side by side."""
    model = {
        "questionsOnPageMode": "questionPerPage" if one_a_screen else "standard",
        "elements": [survey_question(f"q{number}", one) for number, one in enumerate(questions)],
    }
    start = (
        "document.addEventListener('DOMContentLoaded',()=>{"
        f"const survey=new Survey.Model({json.dumps(model)});"
        "survey.onComplete.add(one=>fetch('/post',{method:'POST',body:JSON.stringify(one.data)}));"
        "survey.render(document.getElementById('survey'));});"
    ).replace("</", "<\\/")
    return (
        f'{HEAD}<link rel="stylesheet" href="/survey-core.css">'
        '<script defer src="/survey-core.js"></script><script defer src="/survey-ui.js"></script>'
        f"<script>{start}</script></head>"
        '<body><main><h1>Before my meeting</h1><div id="survey"></div></main></body></html>'
    )


def survey_question(name: str, asked: Asked) -> dict[str, object]:
    """One question in SurveyJS's own model."""
    if not asked.options:
        return {"type": "comment", "name": name, "title": asked.text}
    kind = "checkbox" if asked.takes_several else "radiogroup"
    return {"type": kind, "name": name, "title": asked.text, "choices": list(asked.options)}


@dataclass
class Rivals:
    """The pages, each compressed once and for all, and what was posted to them."""

    base_url: str
    posts: list[bytes] = field(default_factory=list)


@contextmanager
def serving_rivals(questions: list[Asked]) -> Iterator[Rivals]:
    """Serve them on this machine alone, until the block ends."""
    texts = {
        "/plain": ("text/html; charset=utf-8", plain_page(questions).encode()),
        "/survey": (
            "text/html; charset=utf-8",
            survey_page(questions, one_a_screen=False).encode(),
        ),
        "/survey-one": (
            "text/html; charset=utf-8",
            survey_page(questions, one_a_screen=True).encode(),
        ),
    }
    texts |= {path: (TYPES[file.suffix], file.read_bytes()) for path, file in FILES.items()}
    squeezed = {path: (kind, gzip.compress(body, 9)) for path, (kind, body) in texts.items()}
    rivals = Rivals("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without this the body waits for the header's receipt, some 40 ms to the rivals' harm.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            kind, body = squeezed.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Encoding", "gzip" if kind else "identity")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            rivals.posts.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    rivals.base_url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield rivals
    finally:
        server.shutdown()
        server.server_close()
