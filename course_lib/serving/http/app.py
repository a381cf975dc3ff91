"""The HTTP side: Open Inference Protocol v2, the repository extension, `/metrics` and `/docs`, as a FastAPI app.

Every error has the protocol's body, `{"error": "…"}`, and a status from 400 to 499 where the client can do something
about it; 503 says that trying again may help.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

import course_lib
from course_lib.serving.http.errors import answer_errors, reply
from course_lib.serving.http.metrics import Metrics
from course_lib.serving.models.manager import Lease, ModelManager
from course_lib.serving.models.version import Version
from course_lib.serving.protocol import messages as protocol
from course_lib.serving.protocol import schemas
from course_lib.serving.protocol.limits import DEFAULT, Limits
from course_lib.serving.protocol.refusal import Refusal
from course_lib.text.words import counted, one_line

T = TypeVar("T")
Described = dict[int | str, dict[str, Any]]

MOST_CONNECTIONS = 8000
MODEL = "/v2/models/{model_name}"
VERSION = MODEL + "/versions/{model_version}"


def create_app(
    models: ModelManager, limits: Limits = DEFAULT, threads: int = 4, connections: int = MOST_CONNECTIONS
) -> FastAPI:
    """The app that serves `models`.

    Of its state, `pool` computes, `loads` brings versions into service, one after the other, `metrics` counts; the
    limits are read by `Connection`.
    """
    app = FastAPIOffline(
        title="course serve",
        summary="Open Inference Protocol v2: a model behind HTTP.",
        version=course_lib.__version__,
        redoc_url=None,
    )
    app.state.pool = ThreadPoolExecutor(threads, thread_name_prefix="infer")
    app.state.loads = ThreadPoolExecutor(1, thread_name_prefix="load")  # of its own: it must keep nobody else waiting
    app.state.metrics = Metrics(models)
    app.state.limits, app.state.connections = limits, connections
    _add_server(app, models)
    _add_models(app, models)
    _add_inference(app, models, limits)
    _add_repository(app, models)
    answer_errors(app)
    app.add_middleware(AnswerHead)
    schemas.describe_request(app)
    return app


class AnswerHead:
    """HEAD is GET without the body, which the server underneath leaves out: probes and proxies ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def refusals(**reasons: str) -> Described:
    """How the page describes them: `refusals(_404="Not loaded")`."""
    return {int(name[1:]): {"model": schemas.Error, "description": text} for name, text in reasons.items()}


# ---- the server itself


def _add_server(app: FastAPI, models: ModelManager) -> None:
    @app.get("/v2", response_model=schemas.ServerMetadata, tags=["server"])
    async def server_metadata() -> Response:
        """Who answers here, and what it can do beyond the protocol."""
        extensions = ["binary_tensor_data", "model_repository"]
        return reply({"name": "course_lib", "version": course_lib.__version__, "extensions": extensions})

    @app.get("/v2/health/live", response_model=schemas.Live, tags=["server"])
    async def server_live() -> Response:
        """The process answers. Where this fails, start it anew."""
        return reply({"live": True})

    not_ready: Described = {503: {"model": schemas.Ready, "description": "No model is loaded"}}

    @app.get("/v2/health/ready", response_model=schemas.Ready, responses=not_ready, tags=["server"])
    async def server_ready() -> Response:
        """There is a model to answer with. Where this fails, send requests elsewhere for a while."""
        loaded = bool(models.current)
        return reply({"ready": loaded}, 200 if loaded else 503)

    plain_text: Described = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}

    @app.get("/metrics", response_class=Response, responses=plain_text, tags=["server"])
    async def metrics() -> Response:
        """Requests by status, their seconds, those under way, the versions loaded: for Prometheus."""
        return Response(app.state.metrics.text(), headers={"Content-Type": app.state.metrics.content_type})


# ---- models


def _add_models(app: FastAPI, models: ModelManager) -> None:
    not_loaded = refusals(_404="Not loaded")

    def metadata(version: Version) -> Response:
        return reply(
            {
                "name": version.model,
                "versions": [str(version.number)],
                "platform": version.backend.platform,
                "inputs": [tensor._asdict() for tensor in version.accepts],
                "outputs": [tensor._asdict() for tensor in version.offers],
            }
        )

    @app.get(MODEL, response_model=schemas.ModelMetadata, responses=not_loaded, tags=["models"])
    async def model_metadata(model_name: str) -> Response:
        """Which tensors the model takes and gives. Where one is made from the other (counts from text), send one."""
        return metadata(models.get(model_name))

    @app.get(VERSION, response_model=schemas.ModelMetadata, responses=not_loaded, tags=["models"])
    async def version_metadata(model_name: str, model_version: str) -> Response:
        """The same, of this very version."""
        return metadata(models.get(model_name, model_version))

    @app.get(MODEL + "/ready", response_model=schemas.ModelReady, responses=not_loaded, tags=["models"])
    async def model_ready(model_name: str) -> Response:
        """200 where the model can be asked, 404 where it is not loaded."""
        return reply({"name": models.get(model_name).model, "ready": True})

    @app.get(VERSION + "/ready", response_model=schemas.ModelReady, responses=not_loaded, tags=["models"])
    async def version_ready(model_name: str, model_version: str) -> Response:
        """The same, of this very version."""
        return reply({"name": models.get(model_name, model_version).model, "ready": True})


# ---- inference


def _add_inference(app: FastAPI, models: ModelManager, limits: Limits) -> None:
    described: dict[str, Any] = {
        "response_model": schemas.InferenceResponse,
        "responses": refusals(
            _400="The request is not right",
            _404="Not loaded",
            _408="The body took too long to arrive",
            _413="Too many bytes or too many tensor elements",
            _415="The body is compressed",
            _503="The answer took too long",
        ),
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/InferenceRequest"}}},
            }
        },
        "tags": ["models"],
    }

    async def answer(request: Request, model_name: str, model_version: str | None = None) -> Response:
        with app.state.metrics.request() as seen:
            try:
                with models.lease(model_name, model_version) as lease:
                    seen.version_is(lease.version)
                    body = await read_body(request, limits)
                    json_length = request.headers.get(protocol.HEADER)
                    answer = await compute(app.state.pool, lease, body, json_length, limits)
                response = Response(answer.body, headers=answer.headers)
            except Refusal as refusal:
                response = reply({"error": refusal.message}, refusal.status)
            seen.status = response.status_code
            return response

    @app.post(MODEL + "/infer", **described)
    async def infer(request: Request, model_name: str) -> Response:
        """Ask the model. The version is settled when the request begins; a switch meanwhile does not touch it."""
        return await answer(request, model_name)

    @app.post(VERSION + "/infer", **described)
    async def infer_version(request: Request, model_name: str, model_version: str) -> Response:
        """Ask this very version."""
        return await answer(request, model_name, model_version)


async def read_body(request: Request, limits: Limits) -> bytes:
    """A request's body, within the limits of bytes and time."""
    encoding = request.headers.get("Content-Encoding", "")
    if {name.strip().lower() for name in encoding.split(",")} - {"", "identity"}:  # such names know no case
        raise Refusal(
            f"The body is compressed ({one_line(encoding, 80)}); this server reads plain bodies. Send it so.",
            status=415,
        )
    chunks, size = [], 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= limits.bytes:
                    chunks.append(chunk)  # what comes beyond is thrown away, so that the client gets to the answer
    except TimeoutError as error:
        raise Refusal(
            f"Only {counted(size, 'byte')} of the body arrived within {limits.seconds:g} s. Send less at a time.",
            status=408,
        ) from error
    except ClientDisconnect as error:
        raise Refusal(f"The connection ended after {counted(size, 'byte')} of the body.") from error
    if size > limits.bytes:
        raise Refusal(
            f"The body has {size:,} bytes; the limit is {limits.bytes:,}. Send the rows in several requests.",
            status=413,
        )
    return b"".join(chunks)


async def compute(
    pool: ThreadPoolExecutor, lease: Lease, body: bytes, json_length: str | None, limits: Limits
) -> protocol.Answer:
    """The answer, from a thread of the pool, within the limit of time. The lease lasts as long as the thread works."""
    future = pool.submit(protocol.answer, lease.version, body, json_length, limits.elements)
    lease.keep_for(future)
    try:
        return await asyncio.wait_for(asyncio.wrap_future(future), limits.seconds)
    except TimeoutError as error:
        raise Refusal(
            f"The answer took longer than {limits.seconds:g} s. Send fewer rows in a request, or try again later.",
            status=503,
        ) from error


# ---- the repository extension


def _add_repository(app: FastAPI, models: ModelManager) -> None:
    changed = refusals(
        _400="No such number",
        _404="No such model or version",
        _409="The repository does not allow it",
        _503="The server is stopping",
    )

    async def change_by(function: Callable[..., T], *arguments: Any) -> T:
        """Let the one thread that loads do it, after what was asked before."""
        stopping = Refusal("The server is stopping and loads nothing more. Ask it when it runs again.", status=503)
        try:
            future = app.state.loads.submit(function, *arguments)
        except RuntimeError as error:  # it takes no more
            raise stopping from error
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError as error:
            raise stopping from error

    def loaded(version: Version) -> Response:
        return reply({"name": version.model, "version": str(version.number)})

    @app.post("/v2/repository/index", response_model=list[schemas.IndexEntry], tags=["repository"])
    async def index() -> Response:
        """All versions on disk, and which of them are in memory. A body is not read."""
        return reply(await asyncio.to_thread(_index, models))

    change = "/v2/repository/models/{model_name}"

    @app.post(change + "/load", response_model=schemas.Loaded, responses=changed, tags=["repository"])
    async def load(model_name: str, version: int | None = None) -> Response:
        """Bring a version into service, the newest where none is named: `…/load?version=1`. A body is not read."""
        return loaded(await change_by(models.load, model_name, version))

    @app.post(change + "/rollback", response_model=schemas.Loaded, responses=changed, tags=["repository"])
    async def rollback(model_name: str) -> Response:
        """Bring back the version that was in service before this one. A body is not read."""
        return loaded(await change_by(models.rollback, model_name))

    @app.post(
        change + "/unload", responses=refusals(_404="Not loaded", _503="The server is stopping"), tags=["repository"]
    )
    async def unload(model_name: str) -> Response:
        """Take a model out of service; requests under way end normally. A body is not read."""
        await change_by(models.unload, model_name)
        return reply({})


def _index(models: ModelManager) -> list[dict[str, str]]:
    states = {(version.model, str(version.number)): state for version, state in models.states()}
    known = set(states)
    for model in models.repository.models():
        known |= {(model, number) for number in map(str, models.repository.versions(model))} or {(model, "")}
    entries = []
    for model, number in sorted(known, key=lambda one: (one[0], int(one[1] or 0))):
        state = states.get((model, number), "UNAVAILABLE")
        unavailable = models.why_not(model, number).strip() or "not loaded"
        reason = {"READY": "", "UNLOADING": "it ends its last requests", "UNAVAILABLE": unavailable}[state]
        entries.append({"name": model, "version": number, "state": state, "reason": reason})
    return entries
