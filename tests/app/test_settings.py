"""A wrong or missing setting stops the start with one line that names it."""

import base64
import hashlib

import pytest

from app import keys
from app.settings import Env, SettingsError, read_settings


def drawn(letter):
    """A key as good as drawn, and the same in every run."""
    return base64.urlsafe_b64encode(hashlib.sha256(letter.encode()).digest()).decode()


def push_key(letter):
    return base64.b64encode(hashlib.sha256(letter.encode()).digest()).decode()[:-1]


PROD = {
    "APP_ENV": "prod",
    "MONGODB_URI": "mongodb://mongo-1:27017/?replicaSet=inn",
    "REDIS_URL": "redis://redis:6379/0",
    "WECHAT_APPID": "wx1234567890abcdef",
    "WECHAT_SECRET": "0123456789abcdef" * 2,
    "WECHAT_PUSH_TOKEN": "Qw3rT7uI9oPaSdF5",
    "WECHAT_PUSH_AES_KEY": push_key("p"),
    "TOKEN_KEYS": f"b:{drawn('b')},a:{drawn('a')}",
    "SEAL_KEYS": drawn("s"),
    "BLIND_KEY": drawn("f"),
}
SECRETS = ["TOKEN_KEYS", "SEAL_KEYS", "BLIND_KEY"]


def test_development_needs_only_the_simulators_address():
    settings = read_settings({"WECHAT_BASE_URL": "http://127.0.0.1:1"})
    assert settings.env is Env.DEV
    assert settings.port == 8080


def test_production_talks_to_wechat_and_keeps_its_keys_in_order():
    settings = read_settings(PROD)
    assert settings.wechat_base_url == "https://api.weixin.qq.com"
    assert list(settings.token_keys) == ["b", "a"]


@pytest.mark.parametrize(
    "name",
    [
        "MONGODB_URI",
        "REDIS_URL",
        "WECHAT_APPID",
        "WECHAT_SECRET",
        "WECHAT_PUSH_TOKEN",
        "WECHAT_PUSH_AES_KEY",
        "TOKEN_KEYS",
        "SEAL_KEYS",
        "BLIND_KEY",
    ],
)
def test_production_does_not_start_without(name):
    with pytest.raises(SettingsError, match=name):
        read_settings({key: value for key, value in PROD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_ENV", "staging"),
        ("HTTP_LAYER", "uvicorn"),
        ("PORT", "http"),
        ("PORT", "70000"),
        ("BEHIND_PROXY", "yes"),
        ("REQUESTS_AT_ONCE", "0"),
        ("CONNECTIONS_AT_ONCE", "many"),
        ("READY_MEGABYTES", "-1"),
        ("READY_MEGABYTES", "500000"),
        ("REDIS_SECONDS", "0"),
        ("REDIS_SECONDS", "61"),
        ("REDIS_SECONDS", "-1"),
        ("REDIS_SECONDS", "1e1"),
        ("REDIS_SECONDS", "."),
        ("REDIS_SECONDS", "nan"),
        ("TOKEN_KEYS", "a:short"),
        ("SEAL_KEYS", "short"),
        ("BLIND_KEY", "?"),
        ("WECHAT_TEMPLATES", "booking_reminder"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings(PROD | {name: value})


def test_a_real_app_needs_its_own_keys_even_in_development():
    with pytest.raises(
        SettingsError, match=r"TOKEN_KEYS|SEAL_KEYS|BLIND_KEY|PUSH_TOKEN"
    ):
        read_settings({"WECHAT_APPID": "wx1234567890abcdef", "WECHAT_SECRET": "s"})


def test_production_refuses_the_simulator():
    with pytest.raises(SettingsError, match="WECHAT_APPID"):
        read_settings(PROD | {"WECHAT_APPID": "wx0000000000000000"})


def test_a_secret_can_lie_in_a_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("f" * 32 + "\n")
    settings = read_settings(PROD | {"WECHAT_SECRET_FILE": str(path)})
    assert settings.wechat_secret == "f" * 32


@pytest.mark.parametrize("name", SECRETS)
def test_production_takes_no_key_that_anybody_can_work_out(name):
    public = keys.made_up(name)
    for key in (public, keys.made_up("SEAL_KEYS")):
        told = f"k:{key}" if name == "TOKEN_KEYS" else key
        with pytest.raises(SettingsError, match=f"{name}: this is a development key"):
            read_settings(PROD | {name: told})


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"k" * 32,
        b"ab" * 16,
        b"correct horse battery staple 123",
        bytes(8) * 4,
    ],
)
def test_production_takes_no_key_that_was_not_drawn(name, key):
    told = base64.urlsafe_b64encode(key).decode()
    told = f"k:{told}" if name == "TOKEN_KEYS" else told
    with pytest.raises(SettingsError, match=f"{name}: not random"):
        read_settings(PROD | {name: told})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WECHAT_SECRET", keys.SIMULATED_SECRET),
        ("WECHAT_SECRET", "change-me"),
        ("WECHAT_PUSH_TOKEN", keys.SIMULATED_TOKEN),
        ("WECHAT_PUSH_TOKEN", "short"),
        ("WECHAT_PUSH_TOKEN", "a" * 32),
        ("WECHAT_PUSH_TOKEN", PROD["WECHAT_PUSH_TOKEN"] + ",old"),
        ("WECHAT_PUSH_AES_KEY", "k" * 43),
        ("WECHAT_PUSH_AES_KEY", push_key("p") + "," + "k" * 43),
        ("TOKEN_KEYS", f"a:{drawn('a')},a:{drawn('b')}"),
        ("TOKEN_KEYS", f":{drawn('a')},b:{drawn('b')}"),
    ],
)
def test_production_takes_nothing_weak(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings(PROD | {name: value})


@pytest.mark.parametrize("name", ["SEAL_KEYS", "BLIND_KEY", "WECHAT_PUSH_AES_KEY"])
def test_a_key_serves_one_purpose(name):
    raw = base64.urlsafe_b64decode(drawn("a"))
    told = base64.b64encode(raw).decode()[:-1] if "PUSH" in name else drawn("a")
    with pytest.raises(SettingsError, match=f"{name}: the same key as in TOKEN_KEYS"):
        read_settings(PROD | {name: told})


def test_of_keys_that_rotate_several_may_be_given():
    settings = read_settings(
        PROD
        | {
            "SEAL_KEYS": f"{drawn('n')},{drawn('s')}",
            "BLIND_KEY": f"{drawn('m')}, {drawn('f')}",
            "WECHAT_PUSH_TOKEN": "Zy9xW8vU7tS6rQ5p," + PROD["WECHAT_PUSH_TOKEN"],
            "WECHAT_PUSH_AES_KEY": f"{push_key('q')},{push_key('p')}",
        }
    )
    assert [len(each) for each in (settings.seal_keys, settings.blind_keys)] == [2, 2]


def test_what_was_read_does_not_print_itself():
    settings = read_settings(PROD)
    known = keys.read(PROD.get, own=True, strict=True)
    for told in (repr(settings), repr(known)):
        assert PROD["WECHAT_SECRET"] not in told
        assert repr(settings.blind_keys[0]) not in told


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match="WECHAT_SECRET_FILE"):
        read_settings(PROD | {"WECHAT_SECRET_FILE": str(tmp_path / "none")})


def test_pages_of_other_sites_are_named_as_browsers_name_them():
    given = PROD | {"LIVE_ORIGINS": "https://desk.example.cn,http://127.0.0.1:5173"}
    assert read_settings(given).live_origins == {
        "https://desk.example.cn",
        "http://127.0.0.1:5173",
    }
    assert read_settings(PROD).live_origins == frozenset()


@pytest.mark.parametrize(
    "origin", ["desk.example.cn", "https://desk.example.cn/", "*", "https://", "null"]
)
def test_what_no_browser_calls_an_origin_stops_the_start(origin):
    with pytest.raises(SettingsError, match="LIVE_ORIGINS"):
        read_settings(PROD | {"LIVE_ORIGINS": origin})
