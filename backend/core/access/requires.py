"""Declares, on each route, the one permission it needs, or that it is public."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.exceptions import HTTPException

from backend.core.access.identity import ContributorIdentity, Identity, StaffIdentity
from backend.core.access.permissions import Permission
from backend.core.access.policy import may
from backend.core.access.predicates import Case
from backend.core.database import get_session

LONGEST_ID, IDS_END = 10, 2**31
RequestSession = Annotated[Session, Depends(get_session, scope="function")]


class NotSignedIn(Exception):
    """Nobody is behind this request: the application shows its way in, or the page named."""

    def __init__(self, way_in: str = "") -> None:
        super().__init__(way_in)
        self.way_in = way_in


class Denied(Exception):
    """The table says no. Shown as "not found": that a thing exists can itself be private."""

    def __init__(self, identity: Identity, permission: Permission) -> None:
        super().__init__(permission)
        self.identity = identity
        self.permission = permission


def check(identity: Identity, permission: Permission, case: Case | None = None) -> None:
    """Raise Denied unless the table allows it."""
    if not may(identity, permission, case):
        raise Denied(identity, permission)


def public() -> None:
    """Anybody may: sign-in, the way in by code, help."""


def is_no_number_of_ours(value: object) -> bool:
    """Whether part of an address is a number that no row can have, which databases refuse."""
    text = str(value).removeprefix("-")
    return text.isdecimal() and (len(text) > LONGEST_ID or int(text) >= IDS_END)


def identify(request: Request, session: RequestSession) -> Identity | None:
    """Who is asking, by the cookie of the application that the request came to."""
    if any(is_no_number_of_ours(value) for value in request.path_params.values()):
        raise HTTPException(404)
    identity: Identity | None = request.app.state.identify(session, request)
    request.state.identity = identity
    return identity


def requires(permission: Permission) -> Callable[..., Identity]:
    """A dependency that lets a request through only with this permission."""

    def dependency(identity: Annotated[Identity | None, Depends(identify)]) -> Identity:
        if identity is None:
            raise NotSignedIn
        check(identity, permission)
        return identity

    dependency.permission = permission  # type: ignore[attr-defined]
    return dependency


def staff_with(permission: Permission) -> Any:
    """`requires`, for the signature of a staff route."""
    return Depends(requires(permission))


def contributor_with(permission: Permission) -> Any:
    """`requires`, for the signature of a contributor's route."""
    return Depends(requires(permission))


Viewer = StaffIdentity
Contributor = ContributorIdentity
