"""The server's key pairs for what a phone seals while it has no signal; named, and renewed."""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from backend.core import clock
from backend.core.tokens import make_token

KEY_FILE = "offline.key"
CURVE = ec.SECP256R1()
# A key seals for a month; after that it only opens what still lies on a phone for a day or so.
SEALS_FOR = timedelta(days=30)
OPENS_FOR = SEALS_FOR + timedelta(days=3)


class Unreadable(Exception):
    """The key file is there and we cannot read it, or it is not ours: nobody writes over it."""


@dataclass(frozen=True)
class SealingKey:
    """One key pair. `kid` names it to phones."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    made_at: datetime

    @property
    def public(self) -> str:
        """The public point as browsers import it: uncompressed, in base64 for addresses."""
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def sealing_key(folder: Path) -> SealingKey:
    """The key to seal with today; made when there is none, or none that is young enough.

    Raises Unreadable.
    """
    newest = max(keys_in(folder), key=lambda key: key.made_at, default=None)
    if newest is None or newest.made_at + SEALS_FOR < clock.now():
        return renew(folder)
    return newest


def opening_key(folder: Path, kid: str) -> SealingKey | None:
    """The key of a name while it still opens, or None."""
    return next((key for key in keys_in(folder) if key.kid == kid), None)


def renew(folder: Path) -> SealingKey:
    """Put a fresh key in front and forget those that nothing can wait for any more.

    Nobody else may read the file (mode 0600). It is replaced whole, so that another process never
    reads half of it; where two renew at once, one key is forgotten before it sealed anything, and
    a phone that was given it is asked to say it again.
    """
    fresh = SealingKey(make_token()[:12], ec.generate_private_key(CURVE), clock.now())
    kept = [fresh, *(key for key in keys_in(folder) if key.made_at + OPENS_FOR > clock.now())]
    path, draft = folder / KEY_FILE, folder / f"{KEY_FILE}.{fresh.kid}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump([as_line(key) for key in kept], file)
    draft.replace(path)
    return fresh


def keys_in(folder: Path) -> tuple[SealingKey, ...]:
    """All keys of an installation; raises Unreadable."""
    path = folder / KEY_FILE
    try:
        written = path.stat()
    except FileNotFoundError:
        return ()
    try:
        return _read_keys(path, written.st_mtime_ns, written.st_ino)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise Unreadable from fault


@lru_cache(maxsize=8)
def _read_keys(path: Path, _written: int, _file: int) -> tuple[SealingKey, ...]:
    return tuple(from_line(line) for line in json.loads(path.read_text()))


def as_line(key: SealingKey) -> dict[str, str]:
    """A key as the file holds it."""
    der = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        "kid": key.kid,
        "made_at": key.made_at.isoformat(),
        "private": base64.b64encode(der).decode(),
    }


def from_line(line: dict[str, str]) -> SealingKey:
    """The same back; raises ValueError for a key that is not of our curve."""
    private = load_der_private_key(base64.b64decode(line["private"]), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{line['kid']} is no key of ours")
    return SealingKey(line["kid"], private, datetime.fromisoformat(line["made_at"]))
