"""nginx and Caddy as processes of their own, each with its block of the page, and how to ask through them."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.patience import START
from tests.proxies.page import block, with_ports
from tests.test_runner import free_port

NAME = "layanan.example.go.id"

NGINX = """{user} daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1;
events {{}}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{block} }}
"""
CADDY = """{{
    admin off
    default_bind 127.0.0.1
    http_port {other}
    https_port {port}
    local_certs
    skip_install_trust
}}
{block}
"""


@dataclass(frozen=True)
class Proxy:
    """A program that stands in front of the webs: where, and whom its visitors trust."""

    port: int
    authority: Path

    def client(self) -> httpx.AsyncClient:
        """A visitor, who knows the office by its name."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        address = f"https://127.0.0.1:{self.port}"
        return httpx.AsyncClient(base_url=address, verify=trusted, headers={"Host": NAME}, trust_env=False, timeout=30)


SNI = {"sni_hostname": NAME}


@contextmanager
def nginx(folder: Path, *webs: int) -> Iterator[Proxy]:
    """With a certificate of its own making; the block differs in ports and the certificate's place alone."""
    port = free_port()
    certificate = folder / "fullchain.pem"
    subject = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
    made = ("-keyout", str(folder / "privkey.pem"), "-out", str(certificate))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject, *made],
        check=True, capture_output=True,
    )  # fmt: skip
    config = with_ports(block("proxy_pass"), *webs).replace("listen 443", f"listen 127.0.0.1:{port}")
    config = config.replace(f"/etc/letsencrypt/live/{NAME}", str(folder))
    (folder / "nginx.conf").write_text(NGINX.format(user=_user(), folder=folder, block=config))
    with _running(["nginx", "-p", str(folder), "-e", "stderr", "-c", "nginx.conf"], folder, certificate, port) as proxy:
        yield proxy


@contextmanager
def caddy(folder: Path, *webs: int) -> Iterator[Proxy]:
    """With certificates of its own authority; nothing of the block differs but the webs' ports."""
    port, other = free_port(), free_port()
    config = with_ports(block("reverse_proxy"), *webs)
    (folder / "Caddyfile").write_text(CADDY.format(port=port, other=other, block=config))
    authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
    with _running(["caddy", "run", "--config", "Caddyfile"], folder, authority, port) as proxy:
        yield proxy


def _user() -> str:
    """Started by root its workers become somebody else, whom this folder is closed to."""
    return "user root;" if os.geteuid() == 0 else ""


@contextmanager
def _running(command: Sequence[str], folder: Path, authority: Path, port: int) -> Iterator[Proxy]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "log").open("w") as log:
        child = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        _until(lambda: authority.exists() and _listens(authority, port), child, folder)
        yield Proxy(port, authority)
    finally:
        child.terminate()
        child.wait(START)


def _until(ready: Callable[[], bool], child: subprocess.Popen[bytes], folder: Path) -> None:
    last = time.monotonic() + START
    while not ready():
        assert child.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < last, (folder / "log").read_text()
        time.sleep(0.05)


def _listens(authority: Path, port: int) -> bool:
    """It shows its certificate; the webs need not be there yet."""
    trusted = ssl.create_default_context(cafile=str(authority))
    try:
        with socket.create_connection(("127.0.0.1", port)) as bare, trusted.wrap_socket(bare, server_hostname=NAME):
            return True
    except OSError:
        return False
