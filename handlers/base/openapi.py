"""The API's own description, OpenAPI 3.1, from what the verbs promise.

Nothing is written twice: paths come from the route table, shapes from the
annotations, refusals from ``@endpoint``, sentences from the docstrings.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

import msgspec
from tornado.web import RequestHandler

from handlers.base import repeats
from handlers.base.answers import Encoded, Malformed, Problem, Ready, status_of
from handlers.base.crowd import Crowded, Yields
from handlers.base.downloads import Download, NoSuchPart
from handlers.base.endpoint import (
    JSON_MEDIA,
    METHODS,
    TEXT_MEDIA,
    Closing,
    Promise,
)
from handlers.base.reading import NotJson
from handlers.base.routing import ID, Route
from handlers.base.uploads import TURNED_AWAY
from models.base.errors import Invalid, NotSignedIn, Refusal, TooMany
from models.base.store import StoreUnavailable

WITH_SHAPE = {JSON_MEDIA, TEXT_MEDIA}
"""Answers whose inside is described; a file's is not."""

REFERENCE = "#/components/schemas/{name}"

SCHEMES = {
    "workerToken": "A worker's access token, from POST /worker/v1/auth/sign-in.",
    "staffToken": "A staff member's token, from POST /station/v1/auth/sign-in.",
    "officialToken": "An official's token, from POST /union/v1/auth/sign-in.",
}


ABOUT = """零工客栈小程序与工会驿站的接口。

实时连接（WebSocket）不在下列路径之中：
`/worker/v1/live`、`/station/v1/live`、`/union/v1/live`。
令牌放在 `Authorization` 头里；浏览器在 5 秒内以第一条消息发送 `{"token": "…"}`，
到期前再发一次即可续期。服务端只发四种消息：`welcome`、
`change`（与 `GET …/live/changes` 的一项相同）、
`gap`（请按游标补取）、`reconnect`（请稍后重连）。
"""


def describe(routes: Sequence[Route], *, version: str) -> dict[str, Any]:
    """Return the OpenAPI document of a route table."""
    promises = list(promises_of(routes))
    schemas, components = _schemas([promise for _, _, promise in promises])
    paths: dict[str, Any] = {}
    for pattern, method, promise in promises:
        operation = _operation(pattern, method, promise, schemas)
        paths.setdefault(pattern, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "云端客栈 API",
            "version": version,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                name: {"type": "http", "scheme": "bearer", "description": told}
                for name, told in SCHEMES.items()
            },
        },
    }


def promises_of(routes: Sequence[Route]) -> Iterator[tuple[str, str, Promise]]:
    """Walk every verb of every route: pattern, method, promise."""
    for pattern, handler in routes:
        for method in METHODS:
            promise = getattr(getattr(handler, method), "promise", None)
            if promise is not None:
                yield pattern, method, promise


def unpromised(routes: Sequence[Route]) -> list[str]:
    """Name the verbs that slipped past ``@endpoint``; there should be none."""
    return [
        f"{handler.__module__}.{handler.__name__}.{method}"
        for pattern, handler in routes
        for method in METHODS
        if getattr(handler, method) is not getattr(RequestHandler, method)
        and not hasattr(getattr(handler, method), "promise")
    ]


def shape_of(answer: Any) -> Any:
    """Return what an answer is, whether or not it goes out as bytes that are ready."""
    return get_args(answer)[0] if get_origin(answer) in {Ready, Encoded} else answer


def _schemas(
    promises: Sequence[Promise],
) -> tuple[dict[Any, Any], dict[str, Any]]:
    shapes: dict[Any, None] = {Problem: None}
    for promise in promises:
        for shape in (promise.body, shape_of(promise.answer)):
            if shape not in {None, type(None), bytes, Download}:
                shapes[shape] = None
    made, components = _described(list(shapes))
    return dict(zip(shapes, made, strict=True)), components


def _described(shapes: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Describe shapes in JSON's own terms: a default of () is an empty array."""
    told = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
    made, components = msgspec.json.decode(msgspec.json.encode(told))
    return made, components


def _operation(
    pattern: str, method: str, promise: Promise, schemas: dict[Any, Any]
) -> dict[str, Any]:
    summary, _, rest = promise.summary.partition("\n")
    operation: dict[str, Any] = {
        "operationId": _operation_id(pattern, method),
        "summary": summary,
        "tags": ["/".join(pattern.split("/")[1:4:2]) or "base"],
        "responses": _responses(promise, schemas),
    }
    if rest.strip():
        operation["description"] = rest.strip()
    parameters = [*_path_parameters(promise), *_query_parameters(promise)]
    if promise.repeats:
        parameters.append(_repeat_key())
    if parameters:
        operation["parameters"] = parameters
    if promise.body is not None:
        shape = {} if promise.body is bytes else schemas[promise.body]
        operation["requestBody"] = {
            "required": True,
            "content": {media: {"schema": shape} for media in promise.takes},
        }
    if promise.access.permissions:
        operation["x-permissions"] = list(promise.access.permissions)
    if promise.access.scheme is not None:
        asked: list[dict[str, list[str]]] = [{promise.access.scheme: []}]
        operation["security"] = [*asked, {}] if promise.access.optional else asked
    return operation


def _operation_id(pattern: str, method: str) -> str:
    words = re.findall(r"[a-z0-9]+", pattern.replace("/v1/", "/"))
    return "_".join([method, *words])


def _path_parameters(promise: Promise) -> list[dict[str, Any]]:
    schema = {"type": "string", "pattern": f"^{ID.pattern[:-2]}$"}
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in promise.path
    ]


def _query_parameters(promise: Promise) -> list[dict[str, Any]]:
    if promise.query is None:
        return []
    (reference,), components = _described([promise.query])
    shape = components[reference["$ref"].rsplit("/", 1)[1]]
    asked = {each.encode_name for each in msgspec.structs.fields(promise.query)}
    return [
        {
            "name": name,
            "in": "query",
            "required": name in shape.get("required", ()),
            "schema": _inlined(schema, components),
            "style": "form",
            "explode": False,
        }
        for name, schema in shape["properties"].items()
        if name in asked
    ]


def _inlined(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(part, components) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(components[schema["$ref"].rsplit("/", 1)[1]], components)
    return {key: _inlined(part, components) for key, part in schema.items()}


def _repeat_key() -> dict[str, Any]:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "The same key with the same body gives the same answer.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": repeats.LONGEST_KEY,
            "pattern": "^[!-~]+$",
        },
    }


def _responses(promise: Promise, schemas: dict[Any, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    shape = shape_of(promise.answer)
    if shape in {None, type(None)}:
        responses["204"] = {"description": "Done."}
    else:
        for status in (promise.status, *promise.also):
            responses[str(status)] = {
                "description": "The answer.",
                "content": {
                    media: {"schema": schemas[shape] if media in WITH_SHAPE else {}}
                    for media in promise.media
                },
            }
    if shape is Download:
        responses["206"] = responses["200"] | {"description": "The part asked for."}
    if get_origin(promise.answer) is Ready or shape is Download:
        responses["304"] = {"description": "What the client has is current."}
    for status, refusals in sorted(_refusals_by_status(promise).items()):
        responses[str(status)] = _refused(refusals, schemas[Problem])
    return responses


def _refusals_by_status(promise: Promise) -> dict[int, list[type[Refusal]]]:
    refusals: list[type[Refusal]] = [*promise.refusals, Closing, StoreUnavailable]
    if promise.yields is not Yields.NEVER:
        refusals += [Crowded]
    if promise.body is bytes:
        refusals += TURNED_AWAY
    elif promise.body is not None:
        refusals += [Invalid, Malformed, NotJson]
    if promise.answer is Download:
        refusals += [NoSuchPart]
    if promise.query is not None:
        refusals += [Invalid, Malformed]
    if promise.access.scheme is not None:
        refusals += [NotSignedIn]
    refusals += promise.access.refusals
    if promise.limit is not None:
        refusals.append(TooMany)
    if promise.repeats:
        refusals += [repeats.KeyReused, repeats.BadKey, repeats.StillRunning]
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in dict.fromkeys(refusals):
        by_status.setdefault(status_of(refusal), []).append(refusal)
    return by_status


def _refused(refusals: Sequence[type[Refusal]], problem: Any) -> dict[str, Any]:
    told = sorted({f"`{refusal.code}` {refusal.message}" for refusal in refusals})
    return {
        "description": "\n\n".join(told),
        "content": {"application/json": {"schema": problem}},
    }
