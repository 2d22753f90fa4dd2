"""The SDK as these suites call it, and what several of them need.

Nothing of the SDK is changed. A caller hands it an HTTP client that watches: an answer of 5xx and a request that is sent again end
the test at once, where the SDK alone would go on trying for half an hour.
"""

import asyncio
import importlib
import inspect
import io
import json
import time
import urllib.request
import uuid
from importlib.metadata import version

import httpx
import pg8000.native
from pypdf import PdfWriter
from unstructured_client import UnstructuredClient

SDK_VERSION = tuple(int(part) for part in version("unstructured-client").split("."))

# Up to 0.41 a connector's config has to be one of the SDK's own models, in requests and in answers; from 0.42 on any object will do.
STRICTLY_TYPED = SDK_VERSION < (0, 42)

# One answer may take so long, in seconds.
PATIENCE = 5

MASK = "**********"


def operations():
    """Every operation that this SDK has, as `group.name`, read from the SDK itself.

    Secrets of users are left out: 0.41 was the last SDK that had them, and they served connectors that are not here.
    """
    found = []
    for group, (module, name) in UnstructuredClient._sub_sdk_map.items():
        methods = vars(getattr(importlib.import_module(module), name))
        found += [
            f"{group}.{method}"
            for method, value in methods.items()
            if inspect.isfunction(value) and not method.startswith("_") and not method.endswith("_async")
        ]
    return sorted(each for each in found if not each.startswith("users."))


def has_operation(name):
    return name in operations()


class Caller:
    """Calls operations by name; in the async twin's form if so wished. Remembers every answer's status."""

    def __init__(self, url, api_key, asynchronous=False):
        self.answers = []
        self._unanswered = set()
        self._asynchronous = asynchronous
        self._loop = asyncio.new_event_loop()
        self.client = UnstructuredClient(
            server_url=url,
            api_key_auth=api_key,
            client=httpx.Client(event_hooks={"request": [self._sent], "response": [self._answered]}),
            async_client=httpx.AsyncClient(
                event_hooks={"request": [self._sent_async], "response": [self._answered_async]}
            ),
            timeout_ms=20_000,
        )

    def __call__(self, operation, request=None, **options):
        group, name = operation.split(".")
        methods = getattr(self.client, group)
        if not self._asynchronous:
            return getattr(methods, name)(request=request or {}, **options)
        return self._loop.run_until_complete(getattr(methods, f"{name}_async")(request=request or {}, **options))

    def _sent(self, request):
        call = (request.method, str(request.url))
        if call in self._unanswered:
            raise AssertionError(f"{call} was sent again: it got no answer")
        self._unanswered.add(call)
        request.extensions["sent_at"] = time.monotonic()

    def _answered(self, response):
        request = response.request
        call = (request.method, str(request.url))
        self._unanswered.discard(call)
        self.answers.append((*call, response.status_code))
        took = time.monotonic() - request.extensions["sent_at"]
        if response.status_code >= 500:
            raise AssertionError(f"{call} was answered with {response.status_code}")
        if took > PATIENCE:
            raise AssertionError(f"{call} took {took:.1f} s")

    async def _sent_async(self, request):
        self._sent(request)

    async def _answered_async(self, response):
        self._answered(response)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._loop.run_until_complete(self.client.sdk_configuration.async_client.aclose())
        self.client.sdk_configuration.client.close()
        self._loop.close()


def unique(name):
    """A name that nothing else here has."""
    return f"{name} {uuid.uuid4().hex[:8]}"


def until(wanted, ask, within=30):
    """Asks until the answer is as wanted, and gives it."""
    ends = time.monotonic() + within
    while True:
        answer = ask()
        if wanted(answer):
            return answer
        if time.monotonic() > ends:
            raise AssertionError(f"not within {within} s: {answer}")
        time.sleep(0.1)


def ended_job(sdk, job_id, within=60):
    """The job, once it has ended."""
    return until(
        lambda job: job.status not in ("SCHEDULED", "IN_PROGRESS"),
        lambda: sdk("jobs.get_job", {"job_id": job_id}).job_information,
        within,
    )


def checked(sdk, role, connector_id):
    """The outcome of a new connection check of a source or destination, once it is there."""
    plural, field = f"{role}s", "dag_node_connection_check"
    request = {f"{role}_id": connector_id}
    put = sdk(f"{plural}.create_connection_check_{plural}", request)
    assert put.status_code == 202
    assert getattr(put, field).status in ("SCHEDULED", "SUCCESS", "FAILURE")
    return until(
        lambda check: check.status != "SCHEDULED",
        lambda: getattr(sdk(f"{plural}.get_connection_check_{plural}", request), field),
    )


def launched(launch):
    """The answer of an on-demand job's launch; waits where the last one was less than a second ago."""
    from unstructured_client.models import errors

    for _ in range(5):
        try:
            return launch()
        except errors.SDKError as error:
            if error.status_code != 429:
                raise
            time.sleep(1.1)
    raise AssertionError("still too soon after five seconds")


PARTITIONER = {
    "name": "Partitioner",
    "type": "partition",
    "subtype": "unstructured_api",
    "settings": {"strategy": "fast"},
}

HTML = b"<!doctype html><html><body><h1>Brakes</h1><p>Both brakes are checked each morning.</p></body></html>"


def html_file(name="brakes.html"):
    return {"content": HTML, "file_name": name, "content_type": "text/html"}


def pdf_file(pages=1, name="blank.pdf"):
    """A valid PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=300, height=400)
    content = io.BytesIO()
    writer.write(content)
    return {"content": content.getvalue(), "file_name": name, "content_type": "application/pdf"}


def unreadable_file(name):
    """Music, which no partitioner reads."""
    return {"content": b"MThd\0\0\0\x06\0\0\0\x01\0\x60", "file_name": name, "content_type": "audio/midi"}


def rows(postgres, sql, **values):
    with pg8000.native.Connection(
        postgres["username"],
        host=postgres["host"],
        port=postgres["port"],
        database=postgres["database"],
        password=postgres["password"],
    ) as connection:
        return connection.run(sql, **values)


def administer(scene, wiki, action, **details):
    """Lets the administrator of a sample wiki do something."""
    body = json.dumps({"wiki": wiki, "action": action, **details}).encode()
    with urllib.request.urlopen(urllib.request.Request(scene["control"], data=body), timeout=10) as response:
        return json.load(response)
