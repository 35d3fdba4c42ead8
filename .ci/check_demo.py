"""Start `make demo` on loaded data as a person would, look at it, and stop it."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ALLOWED_SECONDS = 20
PATHS = ["/", "/admin/login/", "/static/wagtailadmin/css/core.css"]


def free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return candidate.getsockname()[1]


def wait_for(address: str, demo: "subprocess.Popen[bytes]", open_url) -> float:
    started = time.monotonic()
    while demo.poll() is None and time.monotonic() - started < ALLOWED_SECONDS:
        try:
            open_url(address, timeout=5).close()
        except (OSError, URLError):
            time.sleep(0.2)
        else:
            return time.monotonic() - started
    sys.exit(f"`make demo` did not serve {address} within {ALLOWED_SECONDS} seconds.")


def main() -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    # A proxy of the machine's would look for this address somewhere else.
    open_url = build_opener(ProxyHandler({})).open
    demo = subprocess.Popen(["make", "demo", f"PORT={port}"], start_new_session=True)
    try:
        seconds = wait_for(address, demo, open_url)
        print(f"Served after {seconds:.1f} seconds.")
        for path in PATHS:
            with open_url(address + path, timeout=20) as response:
                print(f"{response.status} {path}")
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(timeout=20)


if __name__ == "__main__":
    main()
