"""Finds every route of both applications with what each declares."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Mount

from backend.app import create_app
from backend.core.access.permissions import Permission
from backend.core.access.requires import public
from backend.settings import Settings


@dataclass(frozen=True)
class Declared:
    """One route and method, with the permissions it requires; public routes require none."""

    app: str
    method: str
    path: str
    permissions: tuple[Permission, ...]
    is_public: bool


def applications(engine: Engine, settings: Settings) -> tuple[Starlette, dict[str, FastAPI]]:
    """The whole of Heard, and its two applications by their mount."""
    whole = create_app(engine, settings)
    mounts = [route for route in whole.routes if isinstance(route, Mount)]
    return whole, {mount.path: mount.app for mount in mounts if isinstance(mount.app, FastAPI)}


def _calls(dependant: Dependant) -> Iterator[object]:
    for child in dependant.dependencies:
        yield child.call
        yield from _calls(child)


def declared_routes(apps: dict[str, FastAPI]) -> list[Declared]:
    """Every route of every application."""
    found = []
    for mount, app in apps.items():
        for context in iter_route_contexts(app.routes):
            assert isinstance(context.original_route, APIRoute), context.path
            calls = list(_calls(context.dependant))
            permissions = tuple(call.permission for call in calls if hasattr(call, "permission"))
            for method in sorted(context.methods or ()):
                found.append(
                    Declared(mount, method, context.path or "", permissions, public in calls)
                )
    return found
