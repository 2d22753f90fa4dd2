"""Every operation that the SDK has, blocking and async: each answer goes through the SDK's own models.

The list of operations is read from the SDK. One that has no test here fails.
"""

import csv
import io
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from unstructured_client.models import errors

from support import (
    MASK,
    PARTITIONER,
    SDK_VERSION,
    STRICTLY_TYPED,
    checked,
    ended_job,
    has_operation,
    html_file,
    launched,
    operations,
    unique,
)


class Stage:
    """Things that operations are tried on, each made when it is first asked for."""

    def __init__(self, sdk, scene):
        self.sdk, self.scene, self._made = sdk, scene, {}

    def __getattr__(self, name):
        if name not in self._made:
            self._made[name] = getattr(type(self), f"_{name}")(self)
        return self._made[name]

    def source_request(self):
        cloud = self.scene["cloud"]
        config = {
            "url": cloud["url"],
            "username": cloud["username"],
            "api_token": cloud["api_token"],
            "cloud": True,
            "spaces": ["RIDERS"],
            "max_num_of_spaces": 10,
        }
        return {"create_source_connector": {"name": unique("wiki"), "type": "confluence", "config": config}}

    def destination_request(self):
        config = {
            **{name: self.scene["postgres"][name] for name in ("host", "port", "database", "username", "password")},
            "table_name": f"elements_{uuid.uuid4().hex[:8]}",
            "batch_size": 50,
        }
        return {"create_destination_connector": {"name": unique("table"), "type": "postgres", "config": config}}

    def workflow_request(self):
        return {
            "create_workflow": {
                "name": unique("riders"),
                "workflow_type": "custom",
                "source_id": self.source.id,
                "destination_id": self.destination.id,
                "workflow_nodes": [PARTITIONER],
                "schedule": "weekly",
                "reprocess_all": False,
            }
        }

    def _source(self):
        return self.sdk("sources.create_source", self.source_request()).source_connector_information

    def _destination(self):
        made = self.sdk("destinations.create_destination", self.destination_request())
        return made.destination_connector_information

    def _workflow(self):
        return self.sdk("workflows.create_workflow", self.workflow_request()).workflow_information

    def _job(self):
        """A job of the workflow, when it has ended."""
        job = self.sdk("workflows.run_workflow", {"workflow_id": self.workflow.id}).job_information
        return ended_job(self.sdk, job.id)

    def _upload(self):
        """An on-demand job, as it was launched."""
        return launched(
            lambda: self.sdk(
                "jobs.create_job",
                {
                    "body_create_job": {
                        "request_data": '{"job_nodes": [%s]}' % NODE_JSON,
                        "input_files": [html_file()],
                    }
                },
            )
        ).job_information


NODE_JSON = '{"name": "Partitioner", "type": "partition", "subtype": "unstructured_api", "settings": {"strategy": "fast"}}'


@pytest.fixture(scope="module")
def stage(sdk, scene):
    return Stage(sdk, scene)


def status_of(call):
    with pytest.raises(errors.SDKError) as caught:
        call()
    return caught.value.status_code


def masked(connector, *secrets):
    config = as_object(connector.config)
    assert {config[name] for name in secrets} == {MASK}, config
    return config


def as_object(config):
    """Typed SDKs give a model, newer ones a dictionary."""
    return config if isinstance(config, dict) else config.model_dump(by_alias=True)


# --- sources ---


def create_source(stage):
    response = stage.sdk("sources.create_source", stage.source_request())
    made = response.source_connector_information
    assert response.status_code == 200
    assert (made.type, made.created_at.tzinfo is not None) == ("confluence", True)
    config = masked(made, "api_token")
    assert (config["cloud"], config["spaces"], config["max_num_of_spaces"]) == (True, ["RIDERS"], 10)
    assert config["max_num_of_docs_from_each_space"] == 150
    assert "crawler-api-token" not in response.raw_response.text
    stage.sdk("sources.delete_source", {"source_id": made.id})


def get_source(stage):
    got = stage.sdk("sources.get_source", {"source_id": stage.source.id}).source_connector_information
    assert (got.id, got.name, got.created_at) == (stage.source.id, stage.source.name, stage.source.created_at)
    masked(got, "api_token")


def list_sources(stage):
    def ids(request):
        return [each.id for each in stage.sdk("sources.list_sources", request).response_list_sources]

    assert stage.source.id in ids({})
    assert stage.source.id in ids({"source_type": "confluence"})
    assert stage.source.id not in ids({"source_type": "s3"})


def update_source(stage):
    config = {
        **stage.source_request()["create_source_connector"]["config"],
        "max_num_of_spaces": 11,
        # As it was told: the mask sent back keeps the secret.
        "api_token": MASK,
    }
    request = {"source_id": stage.source.id, "update_source_connector": {"config": config}}
    changed = stage.sdk("sources.update_source", request).source_connector_information
    assert masked(changed, "api_token")["max_num_of_spaces"] == 11
    assert changed.updated_at is not None
    assert checked(stage.sdk, "source", stage.source.id).status == "SUCCESS"


def delete_source(stage):
    made = stage.sdk("sources.create_source", stage.source_request()).source_connector_information
    response = stage.sdk("sources.delete_source", {"source_id": made.id})
    assert (response.status_code, bool(response.raw_response.json())) == (200, True)
    assert status_of(lambda: stage.sdk("sources.get_source", {"source_id": made.id})) == 404


def check_source(stage):
    check = checked(stage.sdk, "source", stage.source.id)
    assert (check.status, check.reported_at is not None) == ("SUCCESS", True)


# --- destinations ---


def create_destination(stage):
    response = stage.sdk("destinations.create_destination", stage.destination_request())
    made = response.destination_connector_information
    assert (response.status_code, made.type) == (200, "postgres")
    config = masked(made, "password")
    assert (config["port"], config["batch_size"]) == (stage.scene["postgres"]["port"], 50)
    assert stage.scene["postgres"]["password"] not in response.raw_response.text
    stage.sdk("destinations.delete_destination", {"destination_id": made.id})


def get_destination(stage):
    request = {"destination_id": stage.destination.id}
    got = stage.sdk("destinations.get_destination", request).destination_connector_information
    assert (got.id, got.name, got.type) == (stage.destination.id, stage.destination.name, "postgres")
    masked(got, "password")


def list_destinations(stage):
    def ids(request):
        listed = stage.sdk("destinations.list_destinations", request).response_list_destinations
        return [each.id for each in listed]

    assert stage.destination.id in ids({})
    assert stage.destination.id in ids({"destination_type": "postgres"})
    assert stage.destination.id not in ids({"destination_type": "s3"})


def update_destination(stage):
    config = {**as_object(stage.destination.config), "batch_size": 60}
    keep = ("host", "port", "database", "username", "password", "table_name", "batch_size")
    request = {
        "destination_id": stage.destination.id,
        "update_destination_connector": {"config": {name: config[name] for name in keep}},
    }
    changed = stage.sdk("destinations.update_destination", request).destination_connector_information
    assert masked(changed, "password")["batch_size"] == 60
    assert checked(stage.sdk, "destination", stage.destination.id).status == "SUCCESS"


def delete_destination(stage):
    made = stage.sdk("destinations.create_destination", stage.destination_request())
    request = {"destination_id": made.destination_connector_information.id}
    response = stage.sdk("destinations.delete_destination", request)
    assert (response.status_code, bool(response.raw_response.json())) == (200, True)
    assert status_of(lambda: stage.sdk("destinations.get_destination", request)) == 404


def check_destination(stage):
    assert checked(stage.sdk, "destination", stage.destination.id).status == "SUCCESS"


# --- workflows ---


def create_workflow(stage):
    response = stage.sdk("workflows.create_workflow", stage.workflow_request())
    made = response.workflow_information
    assert (response.status_code, made.status, made.workflow_type) == (200, "active", "custom")
    assert (made.sources, made.destinations) == ([stage.source.id], [stage.destination.id])
    assert [entry.cron_expression for entry in made.schedule.crontab_entries] == ["0 0 * * 0"]
    node = made.workflow_nodes[0]
    assert (node.name, node.type, node.subtype) == ("Partitioner", "partition", "unstructured_api")
    assert (uuid.UUID(node.id).version, node.settings["strategy"]) == (4, "fast")
    stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})


def get_workflow(stage):
    got = stage.sdk("workflows.get_workflow", {"workflow_id": stage.workflow.id}).workflow_information
    assert (got.id, got.name, got.workflow_nodes) == (
        stage.workflow.id,
        stage.workflow.name,
        stage.workflow.workflow_nodes,
    )


def list_workflows(stage):
    def listed(**request):
        found = stage.sdk("workflows.list_workflows", request).response_list_workflows
        return stage.workflow.id in [each.id for each in found]

    made = stage.workflow
    day = timedelta(days=1)
    now = datetime.now(timezone.utc)
    nobody = str(uuid.uuid4())
    fits = [
        {"name": made.name},
        {"source_id": stage.source.id},
        {"destination_id": stage.destination.id},
        {"dag_node_configuration_id": made.workflow_nodes[0].id},
        {"name": made.name, "status": "active"},
        {"name": made.name, "created_since": now - day, "created_before": now + day},
        # Without a zone, as the SDK sends what has none.
        {"name": made.name, "created_since": datetime.now() - 2 * day},
        {"name": made.name, "sort_by": "created_at", "sort_direction": "desc", "page": 1, "page_size": 5},
    ]
    fits_not = [
        {"name": nobody},
        {"source_id": nobody},
        {"destination_id": nobody},
        {"dag_node_configuration_id": nobody},
        {"name": made.name, "status": "inactive"},
        {"name": made.name, "created_since": now + day},
        {"name": made.name, "created_before": now - day},
        {"name": made.name, "page": 2},
        {"name": made.name, "show_only_soft_deleted": True},
    ]
    assert [filter for filter in fits if not listed(**filter)] == []
    assert [filter for filter in fits_not if listed(**filter)] == []


def update_workflow(stage):
    made = stage.sdk("workflows.create_workflow", stage.workflow_request()).workflow_information

    def change(**changes):
        request = {"workflow_id": made.id, "update_workflow": changes}
        return stage.sdk("workflows.update_workflow", request).workflow_information

    changed = change(name="Another name", schedule="every 2 hours", reprocess_all=True)
    assert (changed.name, changed.reprocess_all) == ("Another name", True)
    assert [entry.cron_expression for entry in changed.schedule.crontab_entries] == ["0 */2 * * *"]
    assert (changed.sources, changed.destinations) == (made.sources, made.destinations)
    again = change(workflow_nodes=[{**PARTITIONER, "settings": {"strategy": "hi_res"}}])
    assert again.workflow_nodes[0].settings["strategy"] == "hi_res"
    assert again.name == "Another name"
    stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})


def delete_workflow(stage):
    made = stage.sdk("workflows.create_workflow", stage.workflow_request()).workflow_information
    response = stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})
    assert (response.status_code, bool(response.raw_response.json())) == (200, True)
    assert status_of(lambda: stage.sdk("workflows.get_workflow", {"workflow_id": made.id})) == 404


def run_workflow(stage):
    made = stage.sdk("workflows.create_workflow", stage.workflow_request()).workflow_information
    response = stage.sdk("workflows.run_workflow", {"workflow_id": made.id})
    job = response.job_information
    assert (response.status_code, job.workflow_id, job.workflow_name) == (202, made.id, made.name)
    assert (job.status in ("SCHEDULED", "IN_PROGRESS"), job.job_type) == (True, "persistent")
    # While one is active there is no second one.
    again = stage.sdk("workflows.run_workflow", {"workflow_id": made.id}).job_information
    assert again.id == job.id
    assert ended_job(stage.sdk, job.id).status == "COMPLETED"
    stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})


def run_workflow_with_files(stage):
    """A workflow without a source takes files when it is run."""
    request = {"name": unique("files"), "workflow_type": "custom", "workflow_nodes": [PARTITIONER]}
    made = stage.sdk("workflows.create_workflow", {"create_workflow": request}).workflow_information
    assert (made.sources, made.destinations, made.schedule.crontab_entries) == ([], [], [])
    request = {"workflow_id": made.id, "body_run_workflow": {"input_files": [html_file("one.html"), html_file("two.html")]}}
    response = stage.sdk("workflows.run_workflow", request)
    job = response.job_information
    assert (response.status_code, job.job_type, len(job.input_file_ids)) == (202, "persistent", 2)
    assert ended_job(stage.sdk, job.id).status == "COMPLETED"
    for file in job.output_node_files:
        request = {"job_id": job.id, "file_id": file.file_id, "node_id": file.node_id}
        elements = stage.sdk("jobs.download_job_output", request).any
        assert [element["type"] for element in elements] == ["Title", "NarrativeText"]
    stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})


# --- jobs ---


def get_job(stage):
    job = stage.sdk("jobs.get_job", {"job_id": stage.job.id}).job_information
    assert (job.id, job.status, job.workflow_id) == (stage.job.id, "COMPLETED", stage.workflow.id)
    assert job.runtime.startswith("PT")


def list_jobs(stage):
    def ids(**request):
        return [job.id for job in stage.sdk("jobs.list_jobs", request).response_list_jobs]

    assert stage.job.id in ids()
    assert ids(workflow_id=stage.workflow.id) == [stage.job.id]
    assert stage.job.id in ids(workflow_id=stage.workflow.id, status="completed")
    assert ids(workflow_id=stage.workflow.id, status="COMPLETED") == [stage.job.id]
    assert ids(workflow_id=stage.workflow.id, status="failed") == []
    for spelling in ("in progress", "IN_PROGRESS", "in-progress", "scheduled", "stopped"):
        assert ids(workflow_id=stage.workflow.id, status=spelling) == []


def get_job_details(stage):
    details = stage.sdk("jobs.get_job_details", {"job_id": stage.job.id}).job_details
    assert (details.id, details.processing_status) == (stage.job.id, "SUCCESS")
    partition = next(each for each in details.node_stats if each.node_type == "partition")
    assert partition.node_subtype == "unstructured_api"
    assert (partition.ready, partition.in_progress, partition.failure) == (0, 0, 0)
    assert partition.success > 0


def get_job_failed_files(stage):
    failed = stage.sdk("jobs.get_job_failed_files", {"job_id": stage.job.id}).job_failed_files
    assert failed.failed_files == []


def cancel_job(stage):
    made = stage.sdk("workflows.create_workflow", stage.workflow_request()).workflow_information
    job = stage.sdk("workflows.run_workflow", {"workflow_id": made.id}).job_information
    response = stage.sdk("jobs.cancel_job", {"job_id": job.id})
    assert (response.status_code, bool(response.raw_response.json())) == (200, True)
    # It may have ended in the moment between the two calls.
    assert ended_job(stage.sdk, job.id, within=10).status in ("STOPPED", "COMPLETED")
    assert stage.sdk("jobs.cancel_job", {"job_id": job.id}).status_code == 200
    stage.sdk("workflows.delete_workflow", {"workflow_id": made.id})


def create_job(stage):
    job = stage.upload
    assert (job.status in ("SCHEDULED", "IN_PROGRESS"), job.job_type) == (True, "ephemeral")
    assert job.workflow_name == f"Job {job.id[:8]}"
    (file_id,) = job.input_file_ids
    assert file_id.startswith("brakes-") and file_id.endswith(".html")
    (output,) = job.output_node_files
    assert (output.file_id, output.node_type, output.node_subtype) == (file_id, "partition", "unstructured_api")
    listed = stage.sdk("workflows.list_workflows", {"page_size": 100}).response_list_workflows
    assert job.workflow_id not in [each.id for each in listed]


def download_job_output(stage):
    if not has_operation("jobs.create_job"):
        # What 0.41 can ask for exists only where another client has uploaded something.
        request = {"job_id": stage.job.id, "file_id": "none.html", "node_id": stage.workflow.workflow_nodes[0].id}
        assert status_of(lambda: stage.sdk("jobs.download_job_output", request)) == 404
        return
    assert ended_job(stage.sdk, stage.upload.id).status == "COMPLETED"
    output = stage.upload.output_node_files[0]
    for node in ({}, {"node_id": output.node_id}):
        request = {"job_id": stage.upload.id, "file_id": output.file_id, **node}
        elements = stage.sdk("jobs.download_job_output", request).any
        assert [element["type"] for element in elements] == ["Title", "NarrativeText"]
        assert elements[1]["text"] == "Both brakes are checked each morning."
        assert {"element_id", "metadata"} <= set(elements[0])
        assert elements[0]["metadata"]["filename"] == output.file_id
    request = {"job_id": stage.upload.id, "file_id": "another.html"}
    assert status_of(lambda: stage.sdk("jobs.download_job_output", request)) == 404


# --- templates ---


def list_templates(stage):
    listed = stage.sdk("templates.list_templates").response_list_templates
    assert {"hi_res_partition", "hi_res_and_enrichment"} <= {each.id for each in listed}


def get_template(stage):
    for each in stage.sdk("templates.list_templates").response_list_templates:
        got = stage.sdk("templates.get_template", {"template_id": each.id}).template_detail
        assert (got.id, got.name, got.nodes[0].type) == (each.id, each.name, "partition")


# --- single files ---


def partition(stage):
    def parts(**more):
        return {"partition_parameters": {"files": html_file(), **more}}

    response = stage.sdk("general.partition", parts())
    assert response.status_code == 200
    assert [element["type"] for element in response.elements] == ["Title", "NarrativeText"]
    assert response.elements[0]["metadata"]["filename"] == "brakes.html"
    parameters = {
        "strategy": "fast",
        "languages": ["eng"],
        "coordinates": True,
        "extract_image_block_types": ["Image"],
        "unique_element_ids": True,
        "include_page_breaks": True,
    }
    assert len(stage.sdk("general.partition", parts(**parameters)).elements) >= 2
    as_csv = stage.sdk("general.partition", parts(output_format="text/csv"))
    assert [row["type"] for row in csv.DictReader(io.StringIO(as_csv.csv_elements))] == ["Title", "NarrativeText"]


TESTS = {
    "sources.create_source": create_source,
    "sources.get_source": get_source,
    "sources.list_sources": list_sources,
    "sources.update_source": update_source,
    "sources.delete_source": delete_source,
    "sources.create_connection_check_sources": check_source,
    "sources.get_connection_check_sources": check_source,
    "destinations.create_destination": create_destination,
    "destinations.get_destination": get_destination,
    "destinations.list_destinations": list_destinations,
    "destinations.update_destination": update_destination,
    "destinations.delete_destination": delete_destination,
    "destinations.create_connection_check_destinations": check_destination,
    "destinations.get_connection_check_destinations": check_destination,
    "workflows.create_workflow": create_workflow,
    "workflows.get_workflow": get_workflow,
    "workflows.list_workflows": list_workflows,
    "workflows.update_workflow": update_workflow,
    "workflows.delete_workflow": delete_workflow,
    "workflows.run_workflow": run_workflow,
    "jobs.create_job": create_job,
    "jobs.get_job": get_job,
    "jobs.list_jobs": list_jobs,
    "jobs.get_job_details": get_job_details,
    "jobs.get_job_failed_files": get_job_failed_files,
    "jobs.cancel_job": cancel_job,
    "jobs.download_job_output": download_job_output,
    "templates.list_templates": list_templates,
    "templates.get_template": get_template,
    "general.partition": partition,
}


@pytest.mark.parametrize("operation", operations())
def test_operation(operation, stage):
    assert operation in TESTS, "the SDK has an operation that no test here knows"
    TESTS[operation](stage)


def test_a_workflow_takes_files(stage):
    run_workflow_with_files(stage)


def test_there_are_thirty():
    without_templates_and_uploads = 27
    assert len(operations()) == (without_templates_and_uploads if STRICTLY_TYPED else 30), SDK_VERSION
