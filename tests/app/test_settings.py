"""A wrong or missing setting stops the start with one line that names it."""

import base64

import pytest
from cryptography.fernet import Fernet

from app.settings import Env, SettingsError, read_settings

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()

PROD = {
    "APP_ENV": "prod",
    "WECHAT_APPID": "wx1234567890abcdef",
    "WECHAT_SECRET": "s",
    "WECHAT_PUSH_TOKEN": "t",
    "WECHAT_PUSH_AES_KEY": "k" * 43,
    "TOKEN_KEYS": f"b:{KEY},a:{KEY}",
    "SEAL_KEYS": Fernet.generate_key().decode(),
    "BLIND_KEY": KEY,
}


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
    path.write_text("from a file\n")
    settings = read_settings(PROD | {"WECHAT_SECRET_FILE": str(path)})
    assert settings.wechat_secret == "from a file"


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
