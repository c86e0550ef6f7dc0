"""Serves our own and fetched static files, cached for ever when the address carries a hash."""

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class HashedFiles(StaticFiles):
    """Static files; an address with ?v= names one content for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_hashed = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
