"""Encrypts free text, names and contact details, and makes indexes that find them again."""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

KEY_FILE = "heard.key"


class KeyMissing(RuntimeError):
    """Nothing can be read or written because no key was loaded."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation: the newest encrypts, all decrypt, one makes indexes."""

    fernet: MultiFernet
    index_key: bytes

    def encrypt(self, text: str) -> str:
        """A token that only this installation's keys open."""
        return self.fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text of a token; raises cryptography's InvalidToken for a foreign one."""
        return self.fernet.decrypt(token.encode("ascii")).decode()

    def index(self, value: str) -> str:
        """A keyed fingerprint, so that an encrypted value can be looked up by equality."""
        return hmac.new(self.index_key, value.strip().casefold().encode(), "sha256").hexdigest()


_keyring: list[Keyring] = []


def make_key_file(path: Path) -> None:
    """Write a fresh key that only its owner may read (mode 0600); never replaces one."""
    body = json.dumps({"encrypt": [Fernet.generate_key().decode()], "index": secrets.token_hex(32)})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(body)


def read_key_file(path: Path) -> Keyring:
    """The keys in a file; the first in its list is the newest."""
    body = json.loads(path.read_text())
    return Keyring(
        MultiFernet([Fernet(key) for key in body["encrypt"]]), bytes.fromhex(body["index"])
    )


def load_keys(folder: Path) -> Keyring:
    """Use the key in `folder` for this process, making one where there is none."""
    path = folder / KEY_FILE
    if not path.exists():
        make_key_file(path)
    use(read_key_file(path))
    return keyring()


def use(keys: Keyring) -> None:
    """Make these the process's keys."""
    _keyring[:] = [keys]


def keyring() -> Keyring:
    """The process's keys; raises KeyMissing before any were loaded."""
    if not _keyring:
        raise KeyMissing("No key was loaded: start through the `heard` command.")
    return _keyring[0]


def fingerprint(token: str) -> str:
    """SHA-256 of a random token, for tables that must not hold the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()
