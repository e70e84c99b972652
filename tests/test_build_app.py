"""The phone app is built by the wheel's Node, and only when its source changed."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import build_app
from tests.localhost import own_certificate


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A checkout whose build writes a line to a file instead of calling npm."""
    pwa = tmp_path / "pwa"
    for name in ("package.json", "package-lock.json", "src/main.tsx"):
        (pwa / name).parent.mkdir(parents=True, exist_ok=True)
        (pwa / name).write_text(name)
    monkeypatch.setattr(build_app, "PWA", pwa)
    monkeypatch.setattr(build_app, "BUILT", (pwa / "dist" / "index.html", pwa / "dist-staff"))
    monkeypatch.setattr(build_app, "npm", lambda *arguments: _pretend(pwa, arguments))
    return pwa


def _pretend(pwa: Path, arguments: tuple[str, ...]) -> None:
    for folder in ("node_modules", "dist", "dist-staff"):
        (pwa / folder).mkdir(exist_ok=True)
    (pwa / "dist" / "index.html").write_text("<html>")
    with (pwa.parent / "called").open("a") as file:
        file.write(" ".join(arguments[:2]) + "\n")


def _called(pwa: Path) -> list[str]:
    return (pwa.parent / "called").read_text().splitlines()


def test_a_second_build_does_nothing(checkout):
    assert build_app.build() is True
    assert build_app.build() is False
    assert _called(checkout) == ["ci --no-audit", "run build"]


def test_a_changed_source_is_built_again_without_installing(checkout):
    build_app.build()
    (checkout / "src" / "main.tsx").write_text("changed")
    assert build_app.build() is True
    assert _called(checkout) == ["ci --no-audit", "run build", "run build"]


def test_a_renamed_source_is_built_again(checkout):
    build_app.build()
    (checkout / "src" / "main.tsx").rename(checkout / "src" / "other.tsx")
    assert build_app.build() is True


def test_a_changed_lock_is_installed_again(checkout):
    build_app.build()
    (checkout / "package-lock.json").write_text("changed")
    build_app.build()
    assert _called(checkout).count("ci --no-audit") == 2


def test_a_build_that_was_thrown_away_is_built_again(checkout):
    build_app.build()
    (checkout / "dist" / "index.html").unlink()
    assert build_app.build() is True


def test_without_its_source_there_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(build_app, "PWA", tmp_path / "pwa")
    with pytest.raises(SystemExit, match="pwa/, is missing"):
        build_app.build()


def test_the_wheels_node_comes_first_and_is_the_pinned_one():
    node, environment = build_app.node_and_environment()
    assert environment["PATH"].split(":")[0] == str(node.parent)
    said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "v24.19.0"


# ---- fetching, behind proxies and without a network


def test_node_trusts_the_authority_that_pip_was_told_of(tmp_path):
    (tmp_path / "authority.pem").touch()
    told = {"PIP_CERT": str(tmp_path / "gone.pem"), "REQUESTS_CA_BUNDLE": str(tmp_path / "authority.pem")}
    assert build_app.trust(told)["NODE_EXTRA_CA_CERTS"] == str(tmp_path / "authority.pem")
    assert "NODE_EXTRA_CA_CERTS" not in build_app.trust({"PIP_CERT": "", "SSL_CERT_FILE": str(tmp_path)})


def test_what_node_was_told_itself_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_CERT", __file__)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/my/own.pem")
    assert build_app.node_and_environment()[1]["NODE_EXTRA_CA_CERTS"] == "/my/own.pem"
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS")
    assert build_app.node_and_environment()[1]["NODE_EXTRA_CA_CERTS"] == str(Path(__file__).resolve())


@pytest.fixture
def strange_registry(tmp_path, monkeypatch):
    """A registry that has nothing, behind a certificate nobody knows; what it was asked, and the certificate."""
    asked: list[str] = []

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    context, certificate = own_certificate(tmp_path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # a caller that does not trust us hangs up
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    for name in (*build_app.AUTHORITIES, "NODE_EXTRA_CA_CERTS", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("npm_config_registry", f"https://localhost:{server.server_port}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    yield asked, certificate
    server.shutdown()
    server.server_close()


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """The phone app's lock file in a folder where nothing is installed."""
    pwa = tmp_path / "pwa"
    pwa.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (pwa / name).write_bytes((build_app.PWA / name).read_bytes())
    monkeypatch.setattr(build_app, "PWA", pwa)
    return pwa


def test_an_authority_nobody_knows_is_a_sentence_and_a_told_one_is_trusted(bare, strange_registry, monkeypatch):
    asked, certificate = strange_registry
    with pytest.raises(SystemExit, match="set NODE_EXTRA_CA_CERTS to the file of its certificate authority"):
        build_app.install()
    assert asked == []
    monkeypatch.setenv("PIP_CERT", str(certificate))
    with pytest.raises(build_app.NpmFailed) as failed:
        build_app.install()
    assert failed.value.reason == "E404" and asked
    assert not (bare / "node_modules" / ".meantime-installed").exists()


def test_a_registry_that_cannot_be_reached_is_tried_once_more_and_that_is_said(checkout, monkeypatch, capsys):
    tried = []

    def unreached(*arguments):
        tried.append(arguments)
        raise build_app.NpmFailed(arguments, "npm error code ENOTFOUND\nnpm error network it is not there")

    monkeypatch.setattr(build_app, "npm", unreached)
    with pytest.raises(SystemExit, match=r"could not be fetched \(ENOTFOUND\)"):
        build_app.install()
    assert len(tried) == 2
    assert "Trying once more" in capsys.readouterr().out


def test_what_is_wrong_for_another_reason_is_not_tried_again(checkout, monkeypatch):
    tried = []

    def broken(*arguments):
        tried.append(arguments)
        raise build_app.NpmFailed(arguments, "npm error code EUSAGE")

    monkeypatch.setattr(build_app, "npm", broken)
    with pytest.raises(build_app.NpmFailed, match="EUSAGE"):
        build_app.install()
    assert len(tried) == 1
