"""The shapes of requests and answers, for the page that describes the interface (`/docs`, `/openapi.json`).

They document. Requests are read by `protocol.py`, whose messages say more than a schema can.
"""

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field

from course_lib.serving.protocol.tensors import DATATYPES

Size = Annotated[int, Field(ge=0)]
Parameters = dict[str, Any] | None


class Error(BaseModel):
    """Every answer with a status from 400 on."""

    error: str = Field(description="What was given, what was expected, and what to do.")


class ServerMetadata(BaseModel):
    name: str
    version: str
    extensions: list[str]


class Live(BaseModel):
    live: bool


class Ready(BaseModel):
    ready: bool


class ModelReady(BaseModel):
    name: str
    ready: bool


class TensorMetadata(BaseModel):
    name: str
    datatype: str
    shape: list[int] = Field(description="−1: any size.")


class ModelMetadata(BaseModel):
    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class RequestInput(BaseModel):
    name: str
    shape: list[Size]
    datatype: Annotated[str, Field(json_schema_extra={"enum": list(DATATYPES)})]
    parameters: Parameters = None
    data: list[Any] = Field(description="The elements, row after row; flat, or nested as `shape` says.")


class RequestOutput(BaseModel):
    name: str
    parameters: Parameters = None


class InferenceRequest(BaseModel):
    """Which inputs a model takes and which outputs it gives, its metadata tells: `GET /v2/models/{model_name}`."""

    id: str | None = Field(default=None, description="Comes back in the answer.")
    parameters: Parameters = None
    inputs: list[RequestInput] = Field(min_length=1)
    outputs: list[RequestOutput] | None = Field(default=None, description="All of them, where none is named.")

    model_config = {
        "json_schema_extra": {
            "example": {
                "id": "42",
                "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["A puzzle game with music"]}],
            }
        }
    }


class ResponseOutput(BaseModel):
    name: str
    datatype: str
    shape: list[Size]
    parameters: dict[str, Any] = {}
    data: list[Any] = []


class InferenceResponse(BaseModel):
    model_name: str
    model_version: str
    id: str = ""
    outputs: list[ResponseOutput]


class IndexEntry(BaseModel):
    name: str
    version: str
    state: Literal["READY", "UNLOADING", "UNAVAILABLE"]
    reason: str


class Loaded(BaseModel):
    name: str
    version: str


def describe_request(app: FastAPI) -> None:
    """Describe the body of an inference request, which FastAPI does not see: `protocol` reads it."""
    without = app.openapi

    def openapi() -> dict[str, Any]:
        page = without()
        schema = InferenceRequest.model_json_schema(ref_template="#/components/schemas/{model}")
        components = page["components"]["schemas"]
        components |= schema.pop("$defs", {}) | {"InferenceRequest": schema}
        components.pop("HTTPValidationError", None)  # our errors have one shape, and 422 is not among them
        components.pop("ValidationError", None)
        for operations in page["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        return page

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to change the page
