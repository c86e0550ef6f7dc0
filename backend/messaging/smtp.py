"""E-mail through the council's own mail server: at most once, because nobody can look it up."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from backend.core import clock
from backend.messaging.channels import Outcome, Outgoing, Result
from backend.settings import Settings

TIMEOUT_SECONDS = 15
NO_ANSWER, KEY_REFUSED, NOT_SAFE = "no_answer", "key_refused", "not_safe_to_send"
OK = 250


class Mail:
    """One mail server."""

    name = "smtp"
    can_look_up = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, message: Outgoing) -> Outcome:
        try:
            server = self._ready()
        except smtplib.SMTPAuthenticationError as refused:
            return Outcome(Result.NOT_TAKEN, fault=KEY_REFUSED, said=_words_of(refused))
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as refused:
            return Outcome(Result.NOT_TAKEN, fault=NOT_SAFE, said=_words_of(refused))
        except (OSError, smtplib.SMTPException) as refused:
            return Outcome(Result.NOT_TAKEN, fault=NO_ANSWER, said=_words_of(refused))
        try:
            return self._hand_over(server, message)
        finally:
            server.close()

    def look_up(self, reference: str) -> Outcome:
        return Outcome(Result.UNKNOWN)

    def _ready(self) -> smtplib.SMTP:
        """A server that said hello, over TLS where the settings ask for it, and knows us."""
        ours = self._settings
        server = smtplib.SMTP(ours.heard_smtp_host, ours.heard_smtp_port, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if ours.heard_smtp_starttls:
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            password = ours.heard_smtp_password.get_secret_value()
            if ours.heard_smtp_user:
                _sign_in(server, ours.heard_smtp_user, password)
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, message: Outgoing) -> Outcome:
        """Until the words are on their way nothing has gone; after that only its answer counts."""
        try:
            code, said = server.mail(self._settings.heard_smtp_from)
            if code != OK:
                return Outcome(Result.NOT_TAKEN, fault="sender_refused", said=_answer(code, said))
            code, said = server.rcpt(message.address)
        except UnicodeError:
            return Outcome(Result.BOUNCED, fault="no_such_address")
        except (OSError, smtplib.SMTPException) as failed:
            return Outcome(Result.NOT_TAKEN, fault=NO_ANSWER, said=_words_of(failed))
        if code >= 500:
            return Outcome(Result.BOUNCED, fault="no_such_address", said=_answer(code, said))
        if code >= 400:
            return Outcome(Result.NOT_TAKEN, fault="too_many", said=_answer(code, said))
        try:
            code, said = server.data(self._letter(message).as_bytes())
        except smtplib.SMTPDataError as refused:
            code, said = refused.smtp_code, _bytes(refused.smtp_error)
        except (OSError, smtplib.SMTPException) as failed:
            return Outcome(Result.UNKNOWN, fault=NO_ANSWER, said=_words_of(failed))
        if code == OK:
            return Outcome(Result.ACCEPTED, said=_answer(code, said))
        if code >= 500:
            return Outcome(Result.REFUSED, fault="refused", said=_answer(code, said))
        return Outcome(Result.NOT_TAKEN, fault="too_many", said=_answer(code, said))

    def _letter(self, message: Outgoing) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self._settings.heard_smtp_from
        letter["To"] = message.address
        letter["Subject"] = message.subject
        letter["Date"] = formatdate(clock.now().timestamp())
        domain = self._settings.heard_smtp_from.rpartition("@")[2].strip("> ") or "localhost"
        letter["Message-ID"] = make_msgid(message.reference, domain=domain)
        letter.set_content(message.words)
        return letter


def _sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    try:
        server.login(user, password)
    except smtplib.SMTPNotSupportedError as without:  # it knows no users at all
        raise smtplib.SMTPAuthenticationError(503, str(without)) from without


def _answer(code: int, said: bytes) -> str:
    return f"{code} {said.decode(errors='replace')}"


def _bytes(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _words_of(failed: OSError | smtplib.SMTPException) -> str:
    """What a server said as it refused us, or what the network said."""
    if isinstance(failed, smtplib.SMTPResponseException):
        return _answer(failed.smtp_code, _bytes(failed.smtp_error))
    return str(failed) or type(failed).__name__
