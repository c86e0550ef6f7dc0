"""`heard message test`: one invented message, looked up again; every wrong setting is said."""

import json

import pytest
from typer.testing import CliRunner

from backend.commands.messages import message_app
from backend.settings import get_settings
from tests.messaging.mail_stand_in import MailBox
from tests.messaging.notify_stand_in import EMAIL, LANDLINE, StandIn

PHONE, POST = "07700 900123", "12 Larch Road, Hollin Hill, HH1 2AB"
MAIL = "sunny@post.example"


def run(*words: str) -> tuple[int, str, str]:
    """The command as somebody types it: exit status, what it said, and what it complained of."""
    answer = CliRunner().invoke(message_app, ["test", *words, "--wait", "0"])
    return answer.exit_code, answer.stdout, answer.stderr


def set_to(settings: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        settings.setenv(name, value)
    get_settings.cache_clear()


def test_a_text_goes_and_is_found_again_by_its_reference(notify: StandIn) -> None:
    status, said, _ = run("text", PHONE)
    assert status == 0
    [gone] = notify.notifications
    assert gone["to"] == PHONE
    assert "This one is invented" in gone["body"]
    assert "http" not in gone["body"]
    assert gone["reference"] in said
    assert "Sending: it was taken" in said
    assert "known, and on its way (created)" in said
    assert notify.look_ups == 1


def test_an_e_mail_and_a_letter_go_too(notify: StandIn, own_settings: pytest.MonkeyPatch) -> None:
    set_to(own_settings, HEARD_NOTIFY_LETTERS="economy")
    assert run("email", MAIL)[0] == 0
    assert run("letter", POST)[0] == 0
    mail, letter = notify.notifications
    assert (mail["template"], mail["subject"]) == (EMAIL, "We are trying out our messages")
    assert letter["postage"] == "economy"
    assert notify.letters[0].startswith(b"%PDF")


def test_the_report_as_json_says_the_same(notify: StandIn) -> None:
    status, said, _ = run("text", PHONE, "--json")
    report = json.loads(said)
    assert status == 0
    assert report["is_well"] is True
    assert (report["provider"], report["sent"]["result"]) == ("notify", "accepted")
    assert report["found"]["said"] == "created"
    assert report["reference"] == notify.notifications[0]["reference"]
    assert report["problems"] == []


def test_mail_by_the_councils_own_server_goes_and_says_that_nobody_can_look_it_up(
    mail: MailBox,
) -> None:
    status, said, _ = run("email", MAIL)
    assert status == 0
    assert len(mail.came) == 1
    assert "look into the mailbox" in said


@pytest.mark.parametrize(
    ("channel", "to", "settings"),
    [
        ("text", PHONE, {"HEARD_NOTIFY_KEY": ""}),
        ("text", PHONE, {"HEARD_NOTIFY_KEY": "tea"}),
        ("text", PHONE, {"HEARD_NOTIFY_TEXT_TEMPLATE": ""}),
        ("text", PHONE, {"HEARD_NOTIFY_TEXT_TEMPLATE": "ready"}),
        ("email", MAIL, {"HEARD_NOTIFY_EMAIL_TEMPLATE": ""}),
        ("letter", POST, {"HEARD_NOTIFY_LETTERS": ""}),
    ],
)
def test_a_setting_that_is_missing_or_none_is_named_and_nothing_is_sent(
    notify: StandIn,
    own_settings: pytest.MonkeyPatch,
    channel: str,
    to: str,
    settings: dict[str, str],
) -> None:
    set_to(own_settings, **settings)
    status, said, complaint = run(channel, to)
    assert status == 2
    assert complaint.splitlines()[0].startswith(f"{next(iter(settings))}: ")
    assert "Nothing was sent." in complaint
    assert "tea" not in complaint + said
    assert notify.posts == 0
    assert json.loads(run(channel, to, "--json")[1])["problems"][0]["setting"] in settings


@pytest.mark.parametrize(
    ("channel", "to", "name"),
    [
        ("pigeon", PHONE, "CHANNEL"),
        ("text", MAIL, "TO"),
        ("email", PHONE, "TO"),
        ("letter", "12 Larch Road", "TO"),
    ],
)
def test_a_channel_or_an_address_that_is_none_is_said(
    notify: StandIn, own_settings: pytest.MonkeyPatch, channel: str, to: str, name: str
) -> None:
    set_to(own_settings, HEARD_NOTIFY_LETTERS="second")
    status, _, complaint = run(channel, to)
    assert status == 2
    assert complaint.startswith(f"{name}: ")
    assert notify.posts == 0


def test_every_setting_that_is_wrong_is_said_in_one_go(own_settings: pytest.MonkeyPatch) -> None:
    status, _, complaint = run("text", "her mum")
    assert status == 2
    for name in ("HEARD_NOTIFY_KEY", "HEARD_NOTIFY_TEXT_TEMPLATE", "TO"):
        assert f"{name}: " in complaint


def test_what_notify_refuses_is_said_in_its_own_words_with_where_to_look(
    notify: StandIn, own_settings: pytest.MonkeyPatch
) -> None:
    notify.refuse_with = 400
    status, said, _ = run("text", PHONE)
    assert status == 1
    assert "refused (400: refused by the stand-in)" in said
    assert "((message)) alone" in said
    notify.refuse_with = 0
    wrong = "heard-26785a09-ab16-4eb0-8407-a37497a57506-00000000-8d35-48ac-975b-e847b4f122b0"
    set_to(own_settings, HEARD_NOTIFY_KEY=wrong)
    status, said, _ = run("text", PHONE)
    assert status == 1
    assert "403: Invalid token: signature" in said
    assert "Look at HEARD_NOTIFY_KEY" in said
    assert wrong not in said


def test_a_number_that_notify_knows_to_be_none_is_said(notify: StandIn) -> None:
    status, said, _ = run("text", LANDLINE)
    assert status == 1
    assert "phone_number Not a UK mobile number" in said


def test_no_answer_is_not_called_sent(notify: StandIn) -> None:
    notify.is_down = True
    status, said, _ = run("text", PHONE)
    assert status == 1
    assert "it may have gone or not" in said
    assert "Look at HEARD_NOTIFY_URL" in said


def test_what_notify_took_and_does_not_know_again_is_not_called_well(notify: StandIn) -> None:
    notify.forgets = True  # as it does with its own numbers for trying out
    status, said, _ = run("text", PHONE)
    assert status == 1
    assert "never found again" in said


@pytest.mark.parametrize(
    ("settings", "points_at"),
    [
        ({"HEARD_SMTP_PORT": "9"}, "HEARD_SMTP_HOST and HEARD_SMTP_PORT"),
        ({"HEARD_SMTP_STARTTLS": "yes"}, "HEARD_SMTP_STARTTLS"),
        (
            {"HEARD_SMTP_USER": "heard", "HEARD_SMTP_PASSWORD": "secret-word"},
            "HEARD_SMTP_USER and HEARD_SMTP_PASSWORD",
        ),
    ],
)
def test_what_a_mail_server_refuses_points_at_its_setting(
    mail: MailBox,
    own_settings: pytest.MonkeyPatch,
    settings: dict[str, str],
    points_at: str,
) -> None:
    set_to(own_settings, **settings)
    status, said, _ = run("email", MAIL)
    assert status == 1
    assert f"Look at {points_at}" in said
    assert "secret-word" not in said
    assert mail.came == []


@pytest.mark.parametrize(
    "settings", [{"HEARD_SMTP_FROM": "the council"}, {"HEARD_SMTP_USER": "heard"}]
)
def test_a_mail_setting_that_cannot_be_right_is_named(
    mail: MailBox, own_settings: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    set_to(own_settings, **settings)
    assert run("email", MAIL)[0] == 2
    assert mail.came == []


def test_a_mailbox_that_is_refused_is_said(mail: MailBox) -> None:
    mail.refused.add(MAIL)
    status, said, _ = run("email", MAIL)
    assert status == 1
    assert "550 no such person here" in said
