"""A child with an IRO and a worker, who leads the coding, and a machine that learnt from nobody."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlmodel import Session

from backend.core.access.identity import StaffIdentity
from backend.core.access.permissions import Role
from backend.settings import get_settings
from tests.coding.texts import Case, make_case
from tests.factories import make_staff


@pytest.fixture(scope="module")
def nothing_learnt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A data folder in which nothing was learnt from people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARD_DATA", str(tmp_path_factory.mktemp("nothing-learnt")))
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


@pytest.fixture
def case(session: Session, noon: datetime) -> Case:
    return make_case(session)


@pytest.fixture
def leader(session: Session) -> StaffIdentity:
    return make_staff(session, Role.PARTICIPATION_OFFICER)
