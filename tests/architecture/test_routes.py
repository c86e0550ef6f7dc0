"""Every route says who may use it, exactly once, and the table is what decides."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.routing import Mount, Route

from backend.core.access.permissions import Permission, Role
from backend.core.access.policy import TABLE
from backend.settings import Settings
from tests.architecture.routes import Declared, applications, declared_routes
from tests.factories import make_staff, sign_in

FEWEST_ROUTES = 60


@pytest.fixture
def routes(sqlite_engine: Engine, settings: Settings) -> list[Declared]:
    return declared_routes(applications(sqlite_engine, settings)[1])


def test_every_route_declares_exactly_one_permission_or_is_public(routes: list[Declared]) -> None:
    wrong = [route for route in routes if len(set(route.permissions)) + route.is_public != 1]
    assert wrong == []
    assert len(routes) >= FEWEST_ROUTES


def test_every_mount_is_a_known_application_or_static_files(
    sqlite_engine: Engine, settings: Settings
) -> None:
    whole, apps = applications(sqlite_engine, settings)
    assert {route.path for route in whole.routes if isinstance(route, Mount)} == {
        "/me",
        "/staff",
        "/static",
    }
    assert {route.path for route in whole.routes if isinstance(route, Route)} == {"/healthz", "/"}
    assert set(apps) == {"/me", "/staff"}


def test_every_permission_stands_in_the_table_once() -> None:
    assert set(TABLE) == set(Permission)


def test_every_permission_is_used_by_a_route_or_a_check(routes: list[Declared]) -> None:
    used = {permission for route in routes for permission in route.permissions}
    # These are asked inside a page about one case, not at its door.
    inside = {Permission.READ_OWN_PAST, Permission.SEE_COMPLAINTS}
    assert set(Permission) - used <= inside


def _concrete(path: str) -> str:
    return re.sub(r"{[^}]*}", "1", path)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_just_the_staff_pages_that_the_table_gives_it(
    role: Role, client: TestClient, app_session: Session, routes: list[Declared]
) -> None:
    sign_in(client, app_session, make_staff(app_session, role))
    opened = 0
    for route in routes:
        if route.app != "/staff" or route.is_public or route.method != "GET":
            continue
        answer = client.get(f"/staff{_concrete(route.path)}")
        assert answer.status_code < 500, (route.path, answer.status_code)
        if role not in TABLE[route.permissions[0]].roles:
            assert answer.status_code == 404, (role, route.path, answer.status_code)
        opened += answer.status_code == 200
    assert opened >= 1


def test_nobody_signed_out_opens_a_page_of_either_application(
    client: TestClient, routes: list[Declared]
) -> None:
    for route in routes:
        if route.is_public:
            continue
        answer = client.request(route.method, f"{route.app}{_concrete(route.path)}")
        assert answer.status_code == 303, (route, answer.status_code)
        assert answer.headers["location"] in ("/me/", "/staff/sign-in")
