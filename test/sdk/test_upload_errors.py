"""On-demand jobs that cannot be: the caller's mistake, told at once."""

import pytest
from unstructured_client.models import errors

from support import html_file


@pytest.mark.parametrize(
    "request_data, files, status",
    [
        ("no JSON", [html_file()], 422),
        ("{}", [html_file()], 422),
        ('{"template_id": "nonexistent_template"}', [html_file()], 404),
        ('{"job_nodes": []}', [html_file()], 422),
        ('{"template_id": "hi_res_partition"}', [html_file(f"{number}.html") for number in range(11)], 422),
    ],
)
def test_a_job_that_cannot_be_is_the_callers_mistake(plain, request_data, files, status):
    request = {"body_create_job": {"request_data": request_data, "input_files": files}}
    with pytest.raises(errors.UnstructuredClientError) as caught:
        plain("jobs.create_job", request)
    assert caught.value.status_code == status
