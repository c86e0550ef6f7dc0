"""Renders pages: one environment per application, autoescaped, with words for dates."""

import base64
import hashlib
import re
from datetime import date, datetime
from typing import Any

from fastapi import Request
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2_fragments import render_block
from starlette.responses import HTMLResponse

from backend.core import clock, translations
from backend.core.easy_read import is_easy_read, reading_easily
from backend.core.guard import allow_styles
from backend.core.languages import SOURCE
from backend.core.style_sheets import STATIC, StyleSheets, comes_from_inside, static_url
from backend.settings import ROOT

TEMPLATES = ROOT / "frontend" / "templates"
date_words = translations.date_words


def date_short(day: date | datetime) -> str:
    """A date as staff tables show it: 24 Nov 2026."""
    local = clock.in_london(day).date() if isinstance(day, datetime) else day
    return f"{local.day} {local:%b %Y}"


def moment_short(moment: datetime) -> str:
    """A date with its London time: 24 Nov 2026, 15:40."""
    return f"{date_short(moment)}, {clock.in_london(moment):%H:%M}"


def vendored(package: str) -> str:
    """Folder of a fetched front-end package under static/vendor, version in its name."""
    found = sorted((STATIC / "vendor").glob(f"{package}-*"))
    if not found:
        raise FileNotFoundError(f"{package} is not in static/vendor: run `make frontend`.")
    return f"vendor/{found[-1].name}"


def make_environment(app_folder: str, *packages: BaseLoader) -> Environment:
    """The templates of one application: its own folder, shared parts, and named packages.

    A missing value is an error on our own pages; GOV.UK's macros ask for many that are absent.
    """
    environment = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader([TEMPLATES / app_folder, TEMPLATES / "shared", TEMPLATES]), *packages]
        ),
        autoescape=True,
        undefined=ChainableUndefined if packages else StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translations.gettext, translations.ngettext, newstyle=True
    )
    environment.filters |= {
        "date_words": date_words,
        "date_on_record": translations.date_on_record,
        "date_short": date_short,
        "moment_short": moment_short,
    }
    environment.globals |= {
        "static_url": static_url,
        "vendored": vendored,
        "safe": translations.safe,
        # A name that is ours, within safety wording: it turns with the sentence around it.
        "phrase": translations.phrase,
        "is_easy_read": is_easy_read,
    }
    return environment


def render(
    request: Request, template: str, *, block: str | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page, or for htmx the named block of it alone; values reach the template finished."""
    state = request.app.state
    identity = getattr(request.state, "identity", None)
    sheets = StyleSheets(are_fetched=comes_from_inside(request))
    frame = state.frame(request, identity)
    context = {"request": request, "identity": identity, "style_sheets": sheets, **frame, **values}
    easily = reading_easily(is_easy=bool(context.get("easy_read", False)))
    with translations.speaking(context.get("speaks", SOURCE)), easily:
        if block and request.headers.get("HX-Request"):
            html = render_block(state.templates, template, block, **context)
        else:
            html = state.templates.get_template(template).render(**context)
    policy = allow_styles(state.policy, sheets.sources)
    return HTMLResponse(html, status, {"Content-Security-Policy": policy})


def inline_script_hash(html: str) -> str:
    """The CSP source of the one inline script in a page (GOV.UK's template has exactly one)."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.S)
    if len(scripts) != 1:
        raise ValueError(f"Expected one inline script, found {len(scripts)}.")
    digest = hashlib.sha256(scripts[0].encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
