"""What stands in front of the app lets through what the app takes."""

import re
from pathlib import Path

import yaml

from handlers.base.heads import ALWAYS, JSON
from handlers.base.openapi import promises_of
from handlers.routes import ROUTES
from models.base.inspection import LARGEST

DEPLOY = Path(__file__).parents[2] / "deploy"
CONF = (DEPLOY / "nginx.conf").read_text()
FILES = re.search(r"location ~ (\S+) \{\s+client_max_body_size (\d+)m;", CONF)


def test_every_door_that_takes_a_file_is_let_through():
    assert FILES
    doors = {pattern: promise.body for pattern, _, promise in promises_of(ROUTES)}
    for pattern, body in doors.items():
        path = re.sub(r"\{\w+\}", "thing_1", pattern)
        passes = re.match(FILES.group(1), path) is not None
        assert passes or body is not bytes, pattern


def test_a_file_as_large_as_the_app_takes_passes():
    assert FILES
    assert int(FILES.group(2)) * 1024 * 1024 > LARGEST


def test_who_calls_is_told_by_trusted_proxies_alone():
    assert "include trusted_proxies.conf;" in CONF
    assert "real_ip_header X-Forwarded-For;" in CONF
    assert "real_ip_recursive on;" in CONF
    assert "set_real_ip_from" not in CONF
    told = re.findall(r"proxy_set_header (X-Real-IP|X-Forwarded-For) (\S+);", CONF)
    assert dict(told) == {
        "X-Real-IP": "$remote_addr",
        "X-Forwarded-For": "$remote_addr",
    }


def test_nobody_is_trusted_until_an_operator_says_so():
    shipped = (DEPLOY / "trusted_proxies.conf").read_text().splitlines()
    assert [line for line in shipped if not line.startswith("#")] == []
    compose = yaml.safe_load((DEPLOY.parent / "compose.yaml").read_text())
    mounted = "./deploy/trusted_proxies.conf:/etc/nginx/trusted_proxies.conf:ro"
    assert mounted in compose["services"]["nginx"]["volumes"]


def own(name):
    """Return what nginx puts into a header that the app has not said."""
    (variable,) = re.findall(rf"add_header {name} (\$\w+) always;", CONF)
    kept = "$upstream_http_" + name.lower().replace("-", "_")
    (said,) = re.findall(
        rf'map {re.escape(kept)} {re.escape(variable)} \{{\s+""\s+(.+);', CONF
    )
    return said.strip('"')


def test_what_nginx_refuses_itself_says_what_the_app_always_says():
    for name, said in ALWAYS.items():
        if name != "Content-Type":
            assert own(name) == said
    assert own("X-Request-Id") == "$request_id"
    refusals = re.findall(r"location @\w+ \{(.*?)\n        \}", CONF, re.DOTALL)
    assert len(refusals) == 3
    for refusal in refusals:
        assert f'default_type "{JSON}";' in refusal


def test_nginx_own_503_says_when_to_come_back():
    assert re.search(
        r'map "\$status \$upstream_http_retry_after" \$own_retry \{\s+"503 "\s+"\d+";',
        CONF,
    )
    assert "add_header Retry-After $own_retry always;" in CONF


def test_no_location_drops_the_headers_of_the_server():
    server = CONF.index("\n    server {")
    first = CONF.index("location", server)
    assert CONF.count("add_header ", first) == 0
    assert CONF.count("add_header ", server, first) == len(ALWAYS) + 2


def test_a_deed_that_was_sent_is_not_sent_again():
    assert re.findall(r"proxy_next_upstream ([^;]+);", CONF) == ["error timeout"]
