"""Carries an address of ours through sign-in: a scanned sheet opens where its code leads."""

import re
from urllib.parse import urlencode

from fastapi import Request

IN_ADDRESS = "to"
# One of our own staff pages: no other host, no second slash, nothing that a browser reads as one.
OURS = re.compile(r"/staff/[A-Za-z0-9][A-Za-z0-9/_-]*(\?[A-Za-z0-9=&._-]*)?")
LONGEST = 200


def onward_of(request: Request) -> str:
    """Where a sign-in leads that was asked for on the way to a page; "" for nowhere special."""
    asked = request.query_params.get(IN_ADDRESS, "")
    is_ours = len(asked) <= LONGEST and OURS.fullmatch(asked) is not None
    return asked if is_ours and "//" not in asked else ""


def carried(onward: str) -> str:
    """The part of an address that carries it on; "" for nothing to carry."""
    return f"?{urlencode({IN_ADDRESS: onward})}" if onward else ""
