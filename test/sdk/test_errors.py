"""What a user's mistake raises in the SDK: the class that its documentation names, at once, and never a 5xx."""

import uuid

import pytest
from unstructured_client.models import errors

from support import PARTITIONER, STRICTLY_TYPED, Caller, checked, ended_job, has_operation, pdf_file, unique, unreadable_file

NOBODY = str(uuid.uuid4())


def raised(call, *args, **options):
    with pytest.raises(errors.UnstructuredClientError) as caught:
        call(*args, **options)
    return caught.value


def detail_of(error):
    """The text of `detail`, where the answer has that one form."""
    return error.raw_response.json()["detail"]


def source(**config):
    wiki = {"url": "http://127.0.0.1:9", "username": "amy", "api_token": "secret-word", "cloud": True, "spaces": ["A"]}
    return {
        "create_source_connector": {
            "name": unique("mistake"),
            "type": "confluence",
            "config": {**wiki, **config},
        }
    }


def workflow(**parts):
    return {"create_workflow": {"name": unique("mistake"), "workflow_type": "custom", **parts}}


# --- keys ---


@pytest.mark.parametrize("key", [None, "not-a-key", "", "of" * 300])
@pytest.mark.parametrize("operation", ["sources.list_sources", "jobs.list_jobs", "workflows.list_workflows"])
def test_without_a_valid_key_the_answer_is_401(scene, key, operation):
    with Caller(scene["url"], key) as caller:
        error = raised(caller, operation)
    assert (type(error), error.status_code) == (errors.SDKError, 401)
    assert "Status 401" in str(error)
    assert isinstance(detail_of(error), str)


def test_a_key_may_stand_in_the_request_alone(scene):
    with Caller(scene["url"], None) as caller:
        answer = caller("sources.list_sources", {"unstructured_api_key": scene["api_key"]})
    assert answer.status_code == 200


def test_the_url_may_end_in_a_slash_or_in_the_prefix(scene):
    for ending in ("/", "/api/v1", "/api/v1/"):
        with Caller(scene["url"] + ending, scene["api_key"]) as caller:
            assert caller("sources.list_sources").status_code == 200
            assert caller("workflows.list_workflows").status_code == 200


# --- what is not there ---

MISSING = {
    "sources.get_source": {"source_id": NOBODY},
    "sources.update_source": {"source_id": NOBODY, "update_source_connector": {"config": source()["create_source_connector"]["config"]}},
    "sources.delete_source": {"source_id": NOBODY},
    "sources.create_connection_check_sources": {"source_id": NOBODY},
    "sources.get_connection_check_sources": {"source_id": NOBODY},
    "destinations.get_destination": {"destination_id": NOBODY},
    "destinations.delete_destination": {"destination_id": NOBODY},
    "destinations.create_connection_check_destinations": {"destination_id": NOBODY},
    "destinations.get_connection_check_destinations": {"destination_id": NOBODY},
    "workflows.get_workflow": {"workflow_id": NOBODY},
    "workflows.update_workflow": {"workflow_id": NOBODY, "update_workflow": {"name": "x"}},
    "workflows.delete_workflow": {"workflow_id": NOBODY},
    "workflows.run_workflow": {"workflow_id": NOBODY},
    "jobs.get_job": {"job_id": NOBODY},
    "jobs.get_job_details": {"job_id": NOBODY},
    "jobs.get_job_failed_files": {"job_id": NOBODY},
    "jobs.cancel_job": {"job_id": NOBODY},
    "jobs.download_job_output": {"job_id": NOBODY, "file_id": "x", "node_id": NOBODY},
    "templates.get_template": {"template_id": "nonexistent_template"},
}


@pytest.mark.parametrize("operation", [each for each in MISSING if has_operation(each)])
def test_what_is_not_there_is_404(plain, operation):
    error = raised(plain, operation, MISSING[operation])
    assert (type(error), error.status_code) == (errors.SDKError, 404)
    assert isinstance(detail_of(error), str)


@pytest.mark.parametrize("odd", ["x", "not-a-uuid", "%00", "a/b", "..", "ü" * 40])
def test_an_odd_id_is_the_callers_mistake(plain, odd):
    for operation in ("sources.get_source", "workflows.get_workflow", "jobs.get_job"):
        name = operation.split("_")[-1] + "_id"
        assert raised(plain, operation, {name: odd}).status_code in (400, 404, 405, 422)


# --- connectors ---


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "no address at all"}, "url"),
        ({"max_num_of_spaces": -1}, "max_num_of_spaces"),
    ],
)
def test_a_wrong_setting_is_412_and_named(plain, wrong, field):
    error = raised(plain, "sources.create_source", source(**wrong))
    assert (type(error), error.status_code) == (errors.SDKError, 412)
    (problem,) = error.raw_response.json()["errors"]
    assert problem["field"].split(".")[-1] == field
    assert problem["message"]
    assert "secret-word" not in error.raw_response.text


def test_no_way_to_sign_in_is_412(plain):
    config = {"username": None, "api_token": None} if not STRICTLY_TYPED else {"username": "", "api_token": None}
    error = raised(plain, "sources.create_source", source(**config))
    assert (type(error), error.status_code) == (errors.SDKError, 412)


def test_a_connector_type_that_is_not_here_is_422(plain):
    request = source()
    request["create_source_connector"]["type"] = "onedrive"
    error = raised(plain, "sources.create_source", request)
    assert (type(error), error.status_code) == (errors.HTTPValidationError, 422)
    assert "onedrive" in error.data.detail


@pytest.mark.parametrize(
    "kind, config",
    [
        # A type that 0.41 does not know it does not send.
        *([] if STRICTLY_TYPED else [("nonsense", {"remote_url": "s3://bucket/", "anonymous": True})]),
        ("pinecone", {"index_name": "a", "api_key": "secret-word", "namespace": "b", "batch_size": 50}),
    ],
)
def test_a_destination_type_that_is_not_here_is_422(plain, kind, config):
    request = {"create_destination_connector": {"name": unique("mistake"), "type": kind, "config": config}}
    error = raised(plain, "destinations.create_destination", request)
    assert (type(error), error.status_code) == (errors.HTTPValidationError, 422)
    assert kind in error.data.detail
    assert "secret-word" not in error.raw_response.text


def test_a_check_of_what_cannot_be_reached_fails_with_a_reason(plain):
    made = plain("sources.create_source", source()).source_connector_information
    check = checked(plain, "source", made.id)
    assert check.status == "FAILURE"
    assert check.reason and "secret-word" not in check.reason
    plain("sources.delete_source", {"source_id": made.id})


# --- workflows ---


@pytest.mark.parametrize(
    "parts, about",
    [
        ({}, "workflow_nodes"),
        ({"workflow_nodes": [PARTITIONER], "source_id": "not-an-id"}, "source_id"),
        ({"workflow_nodes": [PARTITIONER], "source_id": NOBODY}, "source_id"),
        ({"workflow_nodes": [PARTITIONER], "destination_id": NOBODY}, "destination_id"),
        ({"workflow_nodes": [PARTITIONER, PARTITIONER]}, "workflow_nodes"),
        ({"workflow_nodes": [{**PARTITIONER, "type": "nonsense"}]}, "workflow_nodes"),
        ({"workflow_nodes": [{**PARTITIONER, "settings": {"strategy": "wild"}}]}, "strategy"),
        (
            {"workflow_nodes": [PARTITIONER, {"name": "E", "type": "embed", "subtype": "voyageai", "settings": {"model_name": "voyage-3"}}]},
            "workflow_nodes",
        ),
    ],
)
def test_a_workflow_that_cannot_be_is_422_and_names_where(plain, parts, about):
    error = raised(plain, "workflows.create_workflow", workflow(**parts))
    assert (type(error), error.status_code) == (errors.HTTPValidationError, 422)
    assert isinstance(error.data.detail, list)
    places = [".".join(str(part) for part in each.loc) for each in error.data.detail]
    assert any(about in place for place in places), (places, error.data.detail)
    assert all(each.msg and each.type for each in error.data.detail)


@pytest.mark.parametrize(
    "step",
    [
        {"type": "chunk", "subtype": "chunk_by_similarity", "settings": {}},
        {"type": "prompter", "subtype": "openai_image_description", "settings": {}},
        {"type": "prompter", "subtype": "anthropic_table2html", "settings": {}},
        {"type": "embed", "subtype": "voyageai", "settings": {"model_name": "voyage-3"}},
    ],
)
def test_a_step_is_taken_or_refused_by_name(plain, step):
    chunker = {"name": "Chunker", "type": "chunk", "subtype": "chunk_by_title", "settings": {}}
    nodes = [PARTITIONER, *([chunker] if step["type"] == "embed" else []), {"name": "Step", **step}]
    try:
        made = plain("workflows.create_workflow", workflow(workflow_nodes=nodes)).workflow_information
    except errors.HTTPValidationError as error:
        assert step["subtype"] in error.raw_response.text or "chunk_by_title" in error.raw_response.text
    else:
        assert made.workflow_nodes[-1].subtype == step["subtype"]
        plain("workflows.delete_workflow", {"workflow_id": made.id})


def test_a_connector_in_use_is_not_deleted(plain, scene):
    made = plain("sources.create_source", source()).source_connector_information
    config = {**scene["postgres"], "table_name": "never_made", "batch_size": 10}
    target = plain(
        "destinations.create_destination",
        {"create_destination_connector": {"name": unique("mistake"), "type": "postgres", "config": config}},
    ).destination_connector_information
    parts = {"source_id": made.id, "destination_id": target.id, "workflow_nodes": [PARTITIONER]}
    used = plain("workflows.create_workflow", workflow(**parts)).workflow_information
    for operation, request in (
        ("sources.delete_source", {"source_id": made.id}),
        ("destinations.delete_destination", {"destination_id": target.id}),
    ):
        assert 400 <= raised(plain, operation, request).status_code < 500
    plain("workflows.delete_workflow", {"workflow_id": used.id})
    plain("sources.delete_source", {"source_id": made.id})
    plain("destinations.delete_destination", {"destination_id": target.id})


def test_a_job_that_cannot_begin_fails_and_says_why(plain, scene):
    wiki = source(url=scene["cloud"]["url"], username=scene["cloud"]["username"], api_token="wrong-word")
    made = plain("sources.create_source", wiki).source_connector_information
    config = {**scene["postgres"], "table_name": "never_made", "batch_size": 10}
    target = plain(
        "destinations.create_destination",
        {"create_destination_connector": {"name": unique("mistake"), "type": "postgres", "config": config}},
    ).destination_connector_information
    parts = {"source_id": made.id, "destination_id": target.id, "workflow_nodes": [PARTITIONER]}
    broken = plain("workflows.create_workflow", workflow(**parts)).workflow_information
    job = plain("workflows.run_workflow", {"workflow_id": broken.id}).job_information
    assert ended_job(plain, job.id).status == "FAILED"
    details = plain("jobs.get_job_details", {"job_id": job.id})
    assert details.job_details.processing_status == "FAILED"
    # 0.41 has no such field.
    assert details.raw_response.json()["message"]
    assert "wrong-word" not in details.raw_response.text
    plain("workflows.delete_workflow", {"workflow_id": broken.id})
    plain("sources.delete_source", {"source_id": made.id})
    plain("destinations.delete_destination", {"destination_id": target.id})


# --- single files ---


def one_file(file, **more):
    return {"partition_parameters": {"files": file, **more}}


@pytest.mark.parametrize("pages", [1, 3])
def test_a_pdf_is_read_in_one_and_in_parts(plain, pages):
    """Of three pages the SDK asks for the server's documentation first, and sends two parts. They are empty."""
    assert plain("general.partition", one_file(pdf_file(pages))).elements == []


def test_a_format_that_is_not_read_is_a_clear_4xx(plain):
    error = raised(plain, "general.partition", one_file(unreadable_file("tune.mid")))
    assert 400 <= error.status_code < 500
    assert "tune.mid" in error.raw_response.text


def test_an_empty_file_has_no_elements(plain):
    empty = {"content": b" ", "file_name": "empty.html", "content_type": "text/html"}
    assert plain("general.partition", one_file(empty)).elements == []
