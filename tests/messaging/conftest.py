"""A council whose messages go by GOV.UK Notify or by mail: stand-ins on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core import encryption
from backend.settings import get_settings
from tests.messaging import mail_stand_in, notify_stand_in
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import StandIn


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings that a test changes by environment, as a council does."""
    monkeypatch.setenv("HEARD_BASE_URL", "https://heard.example")
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


@pytest.fixture
def notify(own_settings: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Texts and e-mails go to the stand-in."""
    with notify_stand_in.running() as stand_in:
        own_settings.setenv("HEARD_NOTIFY_URL", stand_in.address)
        own_settings.setenv("HEARD_NOTIFY_KEY", notify_stand_in.KEY)
        own_settings.setenv("HEARD_NOTIFY_TEXT_TEMPLATE", notify_stand_in.TEXT)
        own_settings.setenv("HEARD_NOTIFY_EMAIL_TEMPLATE", notify_stand_in.EMAIL)
        get_settings.cache_clear()
        yield stand_in


@pytest.fixture
def mail(own_settings: pytest.MonkeyPatch) -> Iterator[MailBox]:
    """E-mails go to a mail server on loopback; texts go nowhere."""
    with mail_stand_in.running() as box:
        own_settings.setenv("HEARD_SMTP_HOST", "127.0.0.1")
        own_settings.setenv("HEARD_SMTP_PORT", str(box.port))
        own_settings.setenv("HEARD_SMTP_STARTTLS", "no")
        own_settings.setenv("HEARD_SMTP_FROM", "Heard <hello@heard.example>")
        get_settings.cache_clear()
        yield box


@pytest.fixture
def key_folder(tmp_path: Path) -> Iterator[Path]:
    """Keys in a folder that another process can read too."""
    before = encryption.keyring()
    encryption.load_keys(tmp_path)
    yield tmp_path
    encryption.use(before)
