"""uv is given what pip is configured for, in uv's own terms, and nothing that a person set for uv is lost."""

from pathlib import Path

import pytest
import set_up

LISTING = r"""
:env:.find-links='/srv/a /srv/b'
global.cert='/etc/ssl/ours.pem'
global.extra-index-url='\nhttps://one.example/index\nhttps://two.example/index'
global.find-links='/srv/old'
global.index-url='https://global.example/index'
global.timeout='60'
install.index-url='https://install.example/index'
download.index-url='https://download.example/index'
global.trusted-host='one.example two.example'
"""


def test_the_environment_beats_install_and_install_beats_global() -> None:
    settings = set_up.pip_settings(LISTING)
    assert settings["index-url"] == "https://install.example/index"
    assert settings["find-links"] == "/srv/a /srv/b"
    assert settings["cert"] == "/etc/ssl/ours.pem"


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = LISTING.strip().splitlines()
    assert set_up.pip_settings("\n".join(reversed(lines))) == set_up.pip_settings(LISTING)


def test_an_empty_setting_in_the_environment_switches_off_the_one_in_the_file() -> None:
    assert set_up.pip_settings("global.index-url='https://x.example'\n:env:.index-url=''")["index-url"] == ""


def test_lines_that_are_no_settings_are_passed_over() -> None:
    assert set_up.pip_settings("WARNING: something\nglobal.cert=unquoted words\n\n") == {}


def test_pips_settings_reach_uv() -> None:
    result = set_up.uv_environment(set_up.pip_settings(LISTING), {"PATH": "/bin"})
    assert result == {
        "PATH": "/bin",
        "UV_DEFAULT_INDEX": "https://install.example/index",
        "UV_INDEX": "https://one.example/index https://two.example/index",
        "UV_FIND_LINKS": "/srv/a,/srv/b",
        "UV_INSECURE_HOST": "one.example two.example",
        "UV_HTTP_TIMEOUT": "60",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "SSL_CERT_FILE": "/etc/ssl/ours.pem",
    }


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_is_set_for_uv_stays(name: str) -> None:
    result = set_up.uv_environment({"index-url": "https://pip.example"}, {name: "https://uv.example"})
    assert result[name] == "https://uv.example"
    assert "https://pip.example" not in result.values()


def test_a_proxy_of_pip_is_used_unless_the_environment_names_one() -> None:
    settings = {"proxy": "http://proxy.example:8080"}
    assert set_up.uv_environment(settings, {})["HTTPS_PROXY"] == "http://proxy.example:8080"
    assert "HTTPS_PROXY" not in set_up.uv_environment(settings, {"https_proxy": "http://other.example"})


def test_without_a_configuration_uv_is_left_to_its_defaults() -> None:
    assert set(set_up.uv_environment({}, {})) == {"UV_INDEX_STRATEGY"}


def test_settings_that_lead_out_of_the_environment_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://kept.example")
    environment = set_up.Tools(tmp_path).environment
    assert "PIP_TARGET" not in environment
    assert environment["PIP_INDEX_URL"] == "https://kept.example"


@pytest.mark.parametrize(("value", "expected"), [("1", ("--no-index",)), ("false", ()), ("", ())])
def test_a_pip_without_an_index_makes_uv_do_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, expected: tuple[str, ...]
) -> None:
    tools = set_up.Tools(tmp_path)
    monkeypatch.setattr(tools, "pip", lambda *arguments: f"global.no-index='{value}'\n")
    tools.learn_pips_settings()
    assert tools.no_index == expected
