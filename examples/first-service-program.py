import os
import time

from unstructured_client import UnstructuredClient

client = UnstructuredClient(server_url=os.environ["OUTFLOW_URL"], api_key_auth=os.environ["OUTFLOW_API_KEY"])

wiki = {
    "name": "Our wiki",
    "type": "confluence",
    "config": {
        "url": os.environ["CONFLUENCE_URL"],
        "username": os.environ["CONFLUENCE_USERNAME"],
        "token": os.environ["CONFLUENCE_API_TOKEN"],
        "cloud": True,
        "extract_files": True,
        "extract_images": True,
    },
}
folder = {"name": "A folder", "type": "local", "config": {"output_dir": "our-wiki"}}
source = client.sources.create_source(request={"create_source_connector": wiki})
destination = client.destinations.create_destination(request={"create_destination_connector": folder})

wiki_to_folder = {
    "name": "Our wiki to elements",
    "workflow_type": "custom",
    "source_id": source.source_connector_information.id,
    "destination_id": destination.destination_connector_information.id,
    "workflow_nodes": [{"name": "Partitioner", "type": "partition", "subtype": "unstructured_api"}],
}
workflow = client.workflows.create_workflow(request={"create_workflow": wiki_to_folder}).workflow_information

job = client.workflows.run_workflow(request={"workflow_id": workflow.id}).job_information
while job.status in ("SCHEDULED", "IN_PROGRESS"):
    time.sleep(1)
    job = client.jobs.get_job(request={"job_id": job.id}).job_information

details = client.jobs.get_job_details(request={"job_id": job.id}).job_details
for node in details.node_stats:
    print(f"{job.status.value}: {node.node_name}, {node.success} done, {node.failure} failed")
