"""What a phone without a signal needs: the script that stands in, and where its queue goes."""

from functools import lru_cache

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from backend.core import guard
from backend.core.access.requires import RequestSession, public
from backend.core.style_sheets import STATIC
from backend.offline import service

router = APIRouter()
SCRIPTS = ("queue.js", "worker.js")
REFUSED = 410
HELD = 503  # the phone keeps what it has


class Item(BaseModel):
    """One sealed item; the lengths are more than any page of ours can fill."""

    key: str = Field(max_length=service.LONGEST_KEY)
    kid: str = Field(max_length=40)
    ticket: str = Field(max_length=2000)
    point: str = Field(max_length=120)
    iv: str = Field(max_length=24)
    body: str = Field(max_length=guard.MOST_BYTES)


@lru_cache
def worker_script() -> str:
    """The service worker, in one file."""
    folder = STATIC / "js" / "offline"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)


@router.get("/sw.js", dependencies=[Depends(public)])
def worker() -> Response:
    # Lying under /me/, it can never govern another page: browsers give it its own folder at most.
    return Response(
        worker_script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@router.post("/queue", dependencies=[Depends(public)])
def take_queued(request: Request, session: RequestSession, item: Item) -> Response:
    # Nobody need be signed in: the item's own ticket says whose it is.
    try:
        outcome = service.take(
            session,
            service.Sealed(**item.model_dump()),
            folder=request.app.state.settings.heard_data,
        )
    except service.Held:
        return JSONResponse({"outcome": "held"}, HELD)
    except service.Refused:
        return JSONResponse({"outcome": "refused"}, REFUSED)
    return JSONResponse({"outcome": outcome.value})
