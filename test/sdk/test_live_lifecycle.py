"""The calls that the SDK repository's own test against a live server makes, in its order, written anew.

A workflow's life with nothing but a name and a type; then on-demand jobs, of a template with a PDF and without, and of steps without any file.
"""

import json
import uuid

from support import PARTITIONER, ended_job, html_file, launched, pdf_file, unique, unreadable_file

ACTIVE = ("SCHEDULED", "IN_PROGRESS")


def test_a_workflows_life(sdk):
    listed = sdk("workflows.list_workflows")
    assert (listed.status_code, isinstance(listed.response_list_workflows, list)) == (200, True)

    name = unique("lifecycle")
    made = sdk("workflows.create_workflow", {"create_workflow": {"name": name, "workflow_type": "basic"}})
    workflow = made.workflow_information
    assert (made.status_code, workflow.name) == (200, name)
    assert str(getattr(workflow.workflow_type, "value", workflow.workflow_type)) == "basic"

    got = sdk("workflows.get_workflow", {"workflow_id": workflow.id})
    assert (got.status_code, got.workflow_information.id, got.workflow_information.name) == (200, workflow.id, name)

    listed = sdk("workflows.list_workflows", {"name": name})
    assert workflow.id in [each.id for each in listed.response_list_workflows]

    deleted = sdk("workflows.delete_workflow", {"workflow_id": workflow.id})
    assert deleted.status_code in (200, 204)


def test_on_demand_jobs(sdk):
    listed = sdk("templates.list_templates")
    assert listed.status_code == 200
    ids = [each.id for each in listed.response_list_templates]
    template_id = next(each for each in ("hi_res_partition", "hi_res_and_enrichment") if each in ids)

    got = sdk("templates.get_template", {"template_id": template_id})
    assert (got.status_code, got.template_detail.id) == (200, template_id)

    def launch(*files, **work):
        body = {"request_data": json.dumps(work), **({"input_files": list(files)} if files else {})}
        return launched(lambda: sdk("jobs.create_job", {"body_create_job": body}))

    made = launch(pdf_file(2, "sample.pdf"), template_id=template_id)
    assert made.status_code == 200
    job = made.job_information
    assert job.status in ACTIVE
    assert job.input_file_ids and job.output_node_files

    got = sdk("jobs.get_job", {"job_id": job.id})
    assert (got.status_code, got.job_information.id) == (200, job.id)

    listed = sdk("jobs.list_jobs", {})
    assert job.id in [each.id for each in listed.response_list_jobs]

    # Neither of the other two brings a file; the SDK then sends another kind of body.
    made = launch(job_type="template", template_id=template_id)
    assert (made.status_code, made.job_information.status in ACTIVE) == (200, True)

    node = {**PARTITIONER, "id": str(uuid.uuid4()), "settings": {"strategy": "fast", "include_page_breaks": False}}
    made = launch(job_type="ephemeral", job_nodes=[node])
    assert (made.status_code, made.job_information.job_type) == (200, "ephemeral")
    got = sdk("jobs.get_job", {"job_id": made.job_information.id})
    assert (got.status_code, got.job_information.id) == (200, made.job_information.id)


def test_a_file_that_cannot_be_read_is_told(plain):
    """Uploads are taken as they come; what becomes of each is the job's to tell."""
    body = {
        "request_data": json.dumps({"template_id": "hi_res_partition"}),
        "input_files": [unreadable_file("sample.mid"), html_file("brakes.html")],
    }
    job = launched(lambda: plain("jobs.create_job", {"body_create_job": body})).job_information
    assert ended_job(plain, job.id).status == "COMPLETED"
    details = plain("jobs.get_job_details", {"job_id": job.id}).job_details
    assert details.processing_status == "COMPLETED_WITH_ERRORS"
    failed = plain("jobs.get_job_failed_files", {"job_id": job.id}).job_failed_files.failed_files
    assert ["sample" in each.document for each in failed] == [True]
    assert failed[0].error
