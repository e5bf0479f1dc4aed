"""A request made plainly is the one Tornado would have made."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tornado.httputil import (
    HTTPHeaders,
    HTTPInputError,
    HTTPServerRequest,
    RequestStartLine,
)

from handlers.base.requests import PlainRequest, make_request

CONNECTION = SimpleNamespace(
    context=SimpleNamespace(remote_ip="203.0.113.9", protocol="https")
)
SERVER = object()

SAME = (
    "method", "uri", "version", "path", "query", "headers", "body", "remote_ip",
    "protocol", "host", "host_name", "connection", "server_connection", "files",
    "arguments", "query_arguments", "body_arguments", "cookies",
)  # fmt: skip

HOSTS = some.sampled_from(
    ["inn.example", "Inn.Example:8080", "127.0.0.1:80", "[::1]:80", "a,b", "a b", ""]
) | some.text(max_size=20)
PATHS = some.sampled_from(["/", "/a", "/a?", "/a?b=c&b=d", "/a?%zz", "*", "?"])
LINES = some.builds(
    RequestStartLine,
    some.sampled_from(["GET", "POST"]),
    PATHS,
    some.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
)


def told(make):
    """Return what a request says of itself, or how it was refused."""
    try:
        request = make()
    except HTTPInputError as problem:
        return str(problem)
    return {name: getattr(request, name) for name in SAME}


def read_head(host):
    """Return the headers that name a host, as they come; none where it cannot."""
    try:
        return HTTPHeaders.parse("" if host is None else f"Host: {host}\r\n")
    except HTTPInputError:
        return HTTPHeaders()


@given(line=LINES, host=some.none() | HOSTS)
def test_it_says_of_itself_what_tornados_says(line, host):
    headers = read_head(host)
    ours = told(lambda: make_request(line, headers, CONNECTION, SERVER))
    theirs = told(
        lambda: HTTPServerRequest(
            connection=CONNECTION,
            server_connection=SERVER,
            start_line=line,
            headers=headers,
        )
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("path", "host", "kind"),
    [
        ("/a", "inn.example:80", PlainRequest),
        ("/a?b=c", "inn.example", HTTPServerRequest),
        ("/a", "[::1]", HTTPServerRequest),
    ],
)
def test_only_a_plain_one_is_made_plainly(path, host, kind):
    line = RequestStartLine("GET", path, "HTTP/1.1")
    request = make_request(line, HTTPHeaders({"Host": host}), CONNECTION, SERVER)
    assert type(request) is kind
    assert request.request_time() >= 0
