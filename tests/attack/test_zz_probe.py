import pytest
from sqlmodel import Session, select, col, delete
from datetime import timedelta
from backend.core import clock
from backend.entry.jobs import forget_old_tries_and_pages
from backend.entry.models import ContributorSession
from tests.safeguarding.cases import *
from tests.factories import *

def test_reuse(session, noon):
    case = make_case(session)
    a = open_session(session, case.contributor.id, how="code"); session.flush()
    ida = session.exec(select(ContributorSession.id)).all()
    with clock.set_to(noon + timedelta(days=40)):
        forget_old_tries_and_pages(session)
        open_session(session, case.contributor.id, how="code"); session.flush()
        print("IDS", ida, session.exec(select(ContributorSession.id)).all())

@pytest.mark.parametrize("path", ["/me/ask/99999999999999999999","/me/ask/abc","/me/not-safe/99999999999999999999","/me/forms/99999999999999999999/1","/me/asks/99999999999999999999"])
def test_big(client, app_session, noon, path):
    case = make_case(app_session); enter(client, app_session, case)
    try:
        r = (client.post if "asks" in path else client.get)(path)
        print("BIG", path, r.status_code, r.headers.get("content-type"), r.headers.get("location"), r.text[:150])
    except Exception as e: print("BIG", path, type(e), str(e)[:100])

@pytest.mark.parametrize("path", ["/staff/reading/99999999999999999999","/staff/reading/abc","/staff/asks/99999999999999999999","/staff/reviews/99999999999999999999","/staff/people/99999999999999999999/door"])
def test_bigs(client, app_session, noon, path):
    case = make_case(app_session); sign_in(client, app_session, case.iro)
    try:
        r = client.get(path)
        print("BIG", path, r.status_code, r.headers.get("content-type"), r.text[:150])
    except Exception as e: print("BIG", path, type(e), str(e)[:100])
