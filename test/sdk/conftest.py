"""What every suite here works with: a running Outflow, sample wikis, a PostgreSQL server, and the SDK as a caller."""

import json
import os

import pytest

from support import Caller, has_operation

# 0.41 has no on-demand jobs and no templates.
collect_ignore = [] if has_operation("jobs.create_job") else ["test_docs.py", "test_live_lifecycle.py", "test_upload_errors.py"]


@pytest.fixture(scope="session")
def scene():
    """Addresses and credentials of what `npm run sdk` has started."""
    return json.loads(os.environ["OUTFLOW_SDK_SCENE"])


@pytest.fixture(scope="session", params=["sync", "async"])
def sdk(request, scene):
    """The SDK with a valid key: once with its blocking methods, once with their async twins."""
    with Caller(scene["url"], scene["api_key"], asynchronous=request.param == "async") as caller:
        yield caller


@pytest.fixture(scope="session")
def plain(scene):
    """The SDK with a valid key, blocking."""
    with Caller(scene["url"], scene["api_key"]) as caller:
        yield caller
