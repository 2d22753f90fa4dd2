"""The documentation's Confluence example, end to end, for each of its three ways to sign in and for both kinds of destination.

Source, connection check, destination, workflow, run, poll, details, failed files; then what has arrived is held against what the wiki
itself lists. Afterwards the same workflow again: nothing is written anew, until an administrator closes a page.
"""

import base64
import json
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import pytest
from unstructured_client.models import operations, shared

from support import MASK, STRICTLY_TYPED, administer, checked, ended_job, rows, unique

DESTINATIONS = ["postgres"] if STRICTLY_TYPED else ["postgres", "local"]


# --- the three ways to sign in, as the documentation writes them ---


def with_api_token(wikis):
    wiki = wikis["cloud"]
    return {"username": wiki["username"], "token": wiki["api_token"], "cloud": True}


def with_access_token(wikis):
    token = {"token": wikis["data_center"]["token"], "cloud": False}
    return {"username": "", **token} if STRICTLY_TYPED else token


def with_password(wikis):
    wiki = wikis["data_center"]
    return {"username": wiki["username"], "password": wiki["password"], "cloud": False}


SIGN_INS = {
    "api token": ("cloud", with_api_token),
    "personal access token": ("data_center", with_access_token),
    "user name and password": ("data_center", with_password),
}


# --- where it goes ---


class Table:
    """A table of a PostgreSQL server."""

    kind = "postgres"

    def __init__(self, scene):
        self.server = scene["postgres"]
        self.name = f"wiki_{uuid.uuid4().hex[:8]}"

    def config(self):
        address = {name: self.server[name] for name in ("host", "port", "database", "username", "password")}
        return {**address, "table_name": self.name, "batch_size": 100}

    def documents(self):
        """Elements by document id, each with what the table of documents says who may read it."""
        query = f"""
            select element.text, element.type, element.metadata, document.permissions
            from {self.name} element join {self.name}_documents document on document.id = element.record_id"""
        found = {}
        for text, kind, metadata, permissions in rows(self.server, query):
            metadata["data_source"]["permissions_data"] = permissions["data"]
            document = metadata["data_source"]["record_locator"]["document_id"]
            found.setdefault(document, []).append({"text": text, "type": kind, "metadata": metadata})
        return found

    def written(self):
        """What tells whether anything has been written since: every row's place in the table."""
        return sorted(rows(self.server, f"select id::text, xmin::text from {self.name}"))


class Folder:
    """A folder below the server's output root."""

    kind = "local"

    def __init__(self, scene):
        self.name = f"wiki-{uuid.uuid4().hex[:8]}"
        self.folder = Path(scene["output_root"]) / self.name

    def config(self):
        return {"output_dir": self.name}

    def _files(self):
        return [file for file in sorted(self.folder.rglob("*.json")) if "_outflow" not in file.parts]

    def documents(self):
        found = {}
        for file in self._files():
            for element in json.loads(file.read_text()):
                document = element["metadata"]["data_source"]["record_locator"]["document_id"]
                found.setdefault(document, []).append(element)
        return found

    def written(self):
        return [(str(file), file.stat().st_mtime_ns) for file in self._files()]


# --- what the wiki itself lists, to the same account ---


def listed_by_wiki(wiki, flavour):
    """Ids of all current pages and posts, asked without any help of ours."""
    basic = f"{wiki['username']}:{wiki['api_token' if flavour == 'cloud' else 'password']}"
    headers = {"authorization": f"Basic {base64.b64encode(basic.encode()).decode()}"}

    def ask(path):
        request = urllib.request.Request(urllib.parse.urljoin(wiki["url"], path), headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    found = []
    for kind in ("pages", "blogposts") if flavour == "cloud" else ("page", "blogpost"):
        path = f"/wiki/api/v2/{kind}?status=current&limit=100" if flavour == "cloud" else f"/rest/api/content?type={kind}&limit=25"
        while path:
            answer = ask(path)
            found += [each["id"] for each in answer["results"]]
            path = answer["_links"].get("next")
    return set(found)


@pytest.mark.parametrize("destination", DESTINATIONS)
@pytest.mark.parametrize("sign_in", SIGN_INS)
def test_the_example(plain, scene, sign_in, destination):
    client = plain.client
    flavour, credentials = SIGN_INS[sign_in]
    wiki = scene[flavour]
    place = {"postgres": Table, "local": Folder}[destination](scene)

    source = client.sources.create_source(
        request=operations.CreateSourceRequest(
            create_source_connector=shared.CreateSourceConnector(
                name=unique("Confluence"),
                type="confluence",
                config={
                    "url": wiki["url"],
                    **credentials(scene),
                    "max_num_of_spaces": 100,
                    "max_num_of_docs_from_each_space": 100,
                    "spaces": None,
                    "extract_images": False,
                    "extract_files": False,
                },
            )
        )
    ).source_connector_information
    config = source.config if isinstance(source.config, dict) else source.config.model_dump()
    given = credentials(scene)
    secret = "password" if "password" in given else "token"
    assert MASK in (config.get(secret), config.get("api_token"))
    assert not any(given[secret] == value for value in config.values())

    check = checked(plain, "source", source.id)
    assert check.status == "SUCCESS", check.reason

    target = client.destinations.create_destination(
        request=operations.CreateDestinationRequest(
            create_destination_connector=shared.CreateDestinationConnector(
                name=unique("Elements"), type=place.kind, config=place.config()
            )
        )
    ).destination_connector_information
    check = checked(plain, "destination", target.id)
    assert check.status == "SUCCESS", check.reason

    workflow = client.workflows.create_workflow(
        request=operations.CreateWorkflowRequest(
            create_workflow=shared.CreateWorkflow(
                name=unique("Confluence to elements"),
                source_id=source.id,
                destination_id=target.id,
                workflow_type=shared.WorkflowType.CUSTOM,
                workflow_nodes=[
                    shared.WorkflowNode(
                        name="Partitioner",
                        type="partition",
                        subtype="unstructured_api",
                        settings={"strategy": "fast", "include_page_breaks": False},
                    )
                ],
            )
        )
    ).workflow_information

    # --- the first run ---

    def run():
        job = client.workflows.run_workflow(
            request=operations.RunWorkflowRequest(workflow_id=workflow.id)
        ).job_information
        assert job.status in ("SCHEDULED", "IN_PROGRESS")
        ended = ended_job(plain, job.id)
        assert ended.status == "COMPLETED"
        details = client.jobs.get_job_details(
            request=operations.GetJobDetailsRequest(job_id=job.id)
        ).job_details
        assert details.processing_status == "SUCCESS", details
        failed = client.jobs.get_job_failed_files(
            request=operations.GetJobFailedFilesRequest(job_id=job.id)
        ).job_failed_files
        assert failed.failed_files == []
        raw = plain("jobs.get_job", {"job_id": job.id}).raw_response.json()
        return details, raw["coverage"]

    details, coverage = run()
    documents = place.documents()
    expected = listed_by_wiki(wiki, flavour)
    assert len(expected) > 60
    assert expected - set(documents) == set()
    assert coverage["found"] == coverage["done"] >= len(expected)
    assert [node.success for node in details.node_stats if node.node_type == "partition"] == [coverage["done"]]
    for elements in documents.values():
        for element in elements:
            data_source = element["metadata"]["data_source"]
            operations_named = [next(iter(rule)) for rule in data_source["permissions_data"]]
            assert operations_named == ["read", "update", "delete"]
            for rule in data_source["permissions_data"]:
                for who in rule.values():
                    assert set(who) == {"users", "groups"}
            assert data_source["version"] and data_source["url"].startswith(wiki["url"])

    # --- the second run: nothing new ---

    before = place.written()
    _, coverage = run()
    assert (coverage["found"], coverage["unchanged"], coverage["done"]) == (coverage["found"], coverage["found"], 0)
    assert place.written() == before

    # --- an administrator closes a page: its elements say so after the next run ---

    closed = administer(scene, flavour, "close")
    try:
        _, coverage = run()
        assert coverage["found"] == coverage["unchanged"] + coverage["access_changed"] + coverage["done"]
        readers = [
            element["metadata"]["data_source"]["permissions_data"][0]["read"]
            for element in place.documents()[closed["page"]]
        ]
        assert readers
        before = documents[closed["page"]][0]["metadata"]["data_source"]["permissions_data"][0]["read"]
        assert all(read != before for read in readers)
    finally:
        administer(scene, flavour, "open")

    client.workflows.delete_workflow(request=operations.DeleteWorkflowRequest(workflow_id=workflow.id))
    client.sources.delete_source(request=operations.DeleteSourceRequest(source_id=source.id))
    client.destinations.delete_destination(request=operations.DeleteDestinationRequest(destination_id=target.id))
