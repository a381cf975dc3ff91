"""Whatever goes wrong, the client gets the protocol's error body, `{"error": "…"}`, and never a traceback."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from course_lib.serving.protocol.messages import to_text
from course_lib.serving.protocol.refusal import Refusal
from course_lib.text.words import few, one_line, short


def reply(fields: Any, status: int = 200) -> Response:
    return Response(to_text(fields), status, media_type="application/json")


def answer_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return reply({"error": refusal.message}, refusal.status)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        said = few(
            f"{one_line('.'.join(map(str, e['loc'])), 80)} is {short(e.get('input'))}: {one_line(e['msg'])}"
            for e in error.errors()
        )
        return reply({"error": f"{said}. The page /docs tells what is expected."}, 400)

    @app.exception_handler(HTTPException)
    async def not_offered(request: Request, error: HTTPException) -> Response:
        asked = f"{one_line(request.method, 40)} {one_line(request.url.path, 200)}"
        if error.status_code == 405:
            allowed = (error.headers or {}).get("Allow", "")
            response = reply({"error": f"{asked} is not offered; this address takes {allowed}."}, 405)
            response.headers["Allow"] = allowed
            return response
        return reply({"error": f"{asked}: {error.detail}. The page /docs lists all addresses."}, error.status_code)

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        """A mistake of ours: the client learns that it was not the request; the traceback goes to the log alone."""
        return reply({"error": "The server failed on this request. Its log tells more."}, 500)
