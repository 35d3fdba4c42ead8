"""``python -m benchmarks.imports [--db URL] [--rows N] [--images N]``.

Imports one large workbook as an editor does, with a worker that is this process
itself: each request, the preview, the run, and the same with nothing and with all of
it changed. Prints one JSON object for each step.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import django

CATEGORIES = 20
CHAIN = 5


def main() -> int:
    options = _parse()
    if options.db:
        os.environ["DATABASE_URL"] = options.db
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    from django.conf import settings

    # What a request puts into the queue is done by a worker, so not here.
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        images = pictures(options.images)
        for kind in ("new", "unchanged", "changed"):
            text = "After" if kind == "changed" else "Before"
            walk(kind, workbook(options.rows, options.images, text), images)
    finally:
        connection.creation.destroy_test_db(
            connection.settings_dict["NAME"], verbosity=0
        )
    return 0


def walk(kind: str, data: bytes, images: bytes) -> None:
    """Import a workbook: upload, preview, start, run, result, undo page."""
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    from wagtail_gamification.models import ImportJob
    from wagtail_gamification.spreadsheets import runs

    users = get_user_model()._default_manager
    client = Client(raise_request_exception=True)
    client.force_login(
        users.filter(username="bench").first()
        or users.create_superuser("bench", "bench@example.com", "bench")
    )

    def request(method: str, name: str, *args: Any, **body: Any) -> None:
        with timed(kind, f"{method.upper()} {name}"):
            url = reverse(f"wagtail_gamification_imports:{name}", args=args)
            response = getattr(client, method)(url, body)
            if response.status_code not in (200, 302):
                raise RuntimeError(f"{name} answered {response.status_code}.")

    request(
        "post",
        "add",
        file=SimpleUploadedFile("catalogue.xlsx", data),
        images=SimpleUploadedFile("images.zip", images),
    )
    job = ImportJob.objects.first()
    if job is None:
        raise RuntimeError("The upload was refused.")
    with timed(kind, "preview"):
        runs.preview(str(job.pk))
    request("get", "detail", job.pk)
    job.refresh_from_db()
    if kind != "unchanged":
        collection = _root()
        request("post", "run", job.pk, destination="publish", collection=collection)
        with timed(kind, "run"):
            runs.run(str(job.pk))
        request("get", "detail", job.pk)
        request("get", "undo", job.pk)
        job.refresh_from_db()
    print(json.dumps({"step": f"{kind}: {job.state}", **job.totals}), flush=True)


@contextmanager
def timed(kind: str, step: str) -> Iterator[None]:
    """Print how long a step takes, in seconds, and the most memory so far, in MB."""
    from django.db import connection

    queries = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*args)

    before = time.perf_counter()
    with connection.execute_wrapper(count):
        yield
    values = {
        "step": f"{kind}: {step}",
        "seconds": round(time.perf_counter() - before, 2),
        "queries": queries,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(values), flush=True)


def workbook(rows: int, images: int, text: str) -> bytes:
    """Make categories, and badges in chains of five with images."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Categories")
    sheet.append(["slug", "name"])
    for number in range(CATEGORIES):
        sheet.append([f"category-{number}", f"Category {number}"])
    sheet = book.create_sheet("Badges")
    sheet.append(
        ["slug", "name", "description", "image", "category", "points", "next_badge"]
    )
    for number in range(rows):
        is_last = number % CHAIN == CHAIN - 1 or number + 1 == rows
        sheet.append(
            [
                f"badge-{number}",
                f"Badge {number}",
                f"<p>{text} <b>{number}</b> and <i>more</i> text.</p>",
                f"image-{number % images}.png" if images else None,
                f"category-{number % CATEGORIES}",
                number % 100,
                None if is_last else f"badge-{number + 1}",
            ]
        )
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def pictures(count: int) -> bytes:
    """Make a ZIP of so many different images."""
    from PIL import Image

    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for number in range(count):
            image = BytesIO()
            colour = (number % 256, number // 256, 7)
            Image.new("RGB", (128, 128), colour).save(image, "PNG")
            packed.writestr(f"image-{number}.png", image.getvalue())
    return stream.getvalue()


def _root() -> int:
    from wagtail.models import Collection

    return int(Collection.get_first_root_node().pk)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.imports", description=__doc__
    )
    parser.add_argument("--db", help="database URL; SQLite in memory without it")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--images", type=int, default=500)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
