"""Random tokens for links and cookies, and short codes that can be typed from a letter."""

import secrets

# No vowels (no words by chance), nothing that looks like something else: 0 O 1 I L, 5 S, 2 Z, 8 B.
LETTERS = "CDFGHJKMNPQRTVWX34679"
CODE_LENGTH = 8


def make_token() -> str:
    """A random token for an address or a cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def make_code() -> str:
    """A short code to type, as two groups of four: about 35 bits, behind five tries and a pause."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def plain_code(typed: str) -> str:
    """A typed code without spaces, dashes or case, the form that is looked up."""
    return "".join(letter for letter in plain_digits(typed).upper() if letter.isalnum())


def plain_digits(typed: str) -> str:
    """A typed text with the digits of any script (٣, ۳) as 0 to 9; all else as it is."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in typed)
