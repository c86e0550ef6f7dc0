"""One-time codes for the second step of sign-in (RFC 6238, 30 seconds, six digits, SHA-1)."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
DIGITS = 6


def make_secret() -> str:
    """A fresh secret in base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one 30-second step."""
    # RFC 6238 names SHA-1, the only hash that every authenticator takes.
    key = base64.b32decode(secret)
    hotp = HOTP(key, DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303
    return hotp.generate(step).decode()


def matching_step(secret: str, code: str, moment: datetime) -> int | None:
    """The step that a code belongs to, one step early or late forgiven; None for a wrong code."""
    now = int(moment.timestamp()) // STEP_SECONDS
    typed = code.replace(" ", "")
    if not secret or len(typed) != DIGITS or not typed.isascii():
        return None
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(code_at(secret, step), typed):
            return step
    return None


def setup_address(secret: str, email: str) -> str:
    """The otpauth address that an authenticator reads from a QR code."""
    return f"otpauth://totp/Heard:{quote(email)}?secret={secret}&issuer=Heard"
