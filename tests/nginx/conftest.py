"""A real nginx in front of the site. Where it is missing, these tests fail."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

# It caches every 200 that doesn't forbid it: what isn't kept, we have kept out.
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://{site};
            proxy_set_header Host $host;
            proxy_cache pages;
            proxy_cache_valid 200 1h;
            proxy_cache_key $request_uri;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""


@pytest.fixture
def nginx(live_server, tmp_path):
    """Give the address of a page cache in front of the site."""
    path = os.environ.get("PATH", "")
    program = shutil.which("nginx", path=f"{path}{os.pathsep}/usr/sbin")
    assert program, "No nginx was found. Install it: apt-get install nginx"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = tmp_path / "nginx.conf"
    site = urlsplit(live_server.url).netloc
    configuration.write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, site=site)
    )
    log = (tmp_path / "log").open("wb")
    # Its workers are somebody else where it is started by root.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    server = subprocess.Popen(
        [program, "-p", str(tmp_path), "-e", "stderr", "-c", str(configuration)],
        stderr=log,
    )
    try:
        _wait_for(port, server, tmp_path / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)
        log.close()


def _wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            os.sched_yield()
        else:
            return
