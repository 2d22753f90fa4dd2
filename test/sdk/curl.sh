#!/usr/bin/env bash
# The API as the documentation's curl commands call it: no trailing slash, strings for booleans and numbers, no content type where the
# documentation has none, the prefix /api/v1 in the base URL, uploads as form fields. Needs OUTFLOW_SDK_SCENE; prints "N passed, N failed".
set -uo pipefail

scene() { python3 -c 'import json, os, sys
value = json.loads(os.environ["OUTFLOW_SDK_SCENE"])
for part in sys.argv[1].split("."): value = value[part]
print(value)' "$1"; }

UNSTRUCTURED_API_URL="$(scene url)/api/v1"
UNSTRUCTURED_API_KEY="$(scene api_key)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
body="$folder/body"
passed=0
failed=0

# call NAME STATUS CHECK CURL-ARGUMENTS…: the answer must have this status, be JSON, come without a redirect, and make CHECK, a Python
# expression over `body`, true.
call() {
  local name="$1" status="$2" check="$3" told
  shift 3
  told="$(curl --silent --show-error --location --max-time 10 --output "$body" \
    --write-out '%{http_code} %{num_redirects} %{content_type}' "$@")"
  if [[ "$told" == "$status 0 application/json"* ]] && holds "$check"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name: $told, wanted $status and $check; body: $(head -c 400 "$body")" >&2
  fi
}

holds() { python3 -c 'import json, sys
body = json.load(open(sys.argv[1]))
sys.exit(0 if eval(f"({sys.argv[2]})") else 1)' "$body" "$1"; }

# A value of the last answer, by a Python expression.
take() { python3 -c 'import json, sys
body = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$body" "$1"; }

key=(--header 'accept: application/json' --header "unstructured-api-key: $UNSTRUCTURED_API_KEY")
json=(--header 'content-type: application/json')

# --- sources ---

call 'create a source' 200 'body["type"] == "confluence" and body["config"]["cloud"] is True and body["config"]["max_num_of_spaces"] == 20
  and body["config"]["token" if "token" in body["config"] else "api_token"] == "**********"' \
  --request POST --url "$UNSTRUCTURED_API_URL/sources" "${key[@]}" "${json[@]}" --data "{
    \"name\": \"curl source\",
    \"type\": \"confluence\",
    \"config\": {
      \"url\": \"$(scene cloud.url)\",
      \"max_num_of_spaces\": \"20\",
      \"max_num_of_docs_from_each_space\": \"100\",
      \"spaces\": [\"RIDERS\"],
      \"username\": \"$(scene cloud.username)\",
      \"token\": \"$(scene cloud.api_token)\",
      \"cloud\": \"true\",
      \"extract_images\": \"false\",
      \"extract_files\": \"false\"
    }
  }"
source_id="$(take 'body["id"]')"

call 'create a source for Data Center' 200 'body["config"]["cloud"] is False' \
  --request POST --url "$UNSTRUCTURED_API_URL/sources/" "${key[@]}" "${json[@]}" --data "{
    \"name\": \"curl source\", \"type\": \"confluence\",
    \"config\": {\"url\": \"$(scene data_center.url)\", \"token\": \"$(scene data_center.token)\", \"cloud\": \"false\"}
  }"
other_source_id="$(take 'body["id"]')"

call 'list sources' 200 "'$source_id' in [each['id'] for each in body]" \
  --request GET --url "$UNSTRUCTURED_API_URL/sources" "${key[@]}"
call 'list sources of a type' 200 "'$source_id' in [each['id'] for each in body]" \
  --request GET --url "$UNSTRUCTURED_API_URL/sources?source_type=confluence" "${key[@]}"
call 'get a source' 200 "body['id'] == '$source_id'" \
  --request GET --url "$UNSTRUCTURED_API_URL/sources/$source_id" "${key[@]}"
call 'get a source, with a slash' 200 "body['id'] == '$source_id'" \
  --request GET --url "$UNSTRUCTURED_API_URL/sources/$source_id/" "${key[@]}"
call 'update a source' 200 'body["config"]["max_num_of_spaces"] == 30' \
  --request PUT --url "$UNSTRUCTURED_API_URL/sources/$source_id" "${key[@]}" "${json[@]}" --data "{
    \"config\": {
      \"url\": \"$(scene cloud.url)\", \"username\": \"$(scene cloud.username)\", \"token\": \"**********\",
      \"cloud\": \"true\", \"spaces\": [\"RIDERS\"], \"max_num_of_spaces\": \"30\"
    }
  }"
call 'check a source' 202 'body["status"] in ("SCHEDULED", "SUCCESS")' \
  --request POST --url "$UNSTRUCTURED_API_URL/sources/$source_id/connection-check" "${key[@]}"
for _ in $(seq 50); do
  curl --silent --output "$body" "${key[@]}" "$UNSTRUCTURED_API_URL/sources/$source_id/connection-check"
  [[ "$(take 'body["status"]')" == SCHEDULED ]] || break
  sleep 0.2
done
call 'the check of a source' 200 'body["status"] == "SUCCESS"' \
  --request GET --url "$UNSTRUCTURED_API_URL/sources/$source_id/connection-check" "${key[@]}"
call 'delete a source' 200 'bool(body)' \
  --request DELETE --url "$UNSTRUCTURED_API_URL/sources/$other_source_id" "${key[@]}"

# --- destinations ---

call 'create a destination' 200 'body["config"]["port"] > 0 and body["config"]["batch_size"] == 100' \
  --request POST --url "$UNSTRUCTURED_API_URL/destinations" "${key[@]}" "${json[@]}" --data "{
    \"name\": \"curl destination\",
    \"type\": \"postgres\",
    \"config\": {
      \"host\": \"$(scene postgres.host)\",
      \"database\": \"$(scene postgres.database)\",
      \"port\": \"$(scene postgres.port)\",
      \"username\": \"$(scene postgres.username)\",
      \"password\": \"$(scene postgres.password)\",
      \"table_name\": \"curl_elements\",
      \"batch_size\": \"100\"
    }
  }"
destination_id="$(take 'body["id"]')"
call 'list destinations' 200 "'$destination_id' in [each['id'] for each in body]" \
  --request GET --url "$UNSTRUCTURED_API_URL/destinations" "${key[@]}"
call 'get a destination' 200 "body['id'] == '$destination_id'" \
  --request GET --url "$UNSTRUCTURED_API_URL/destinations/$destination_id" "${key[@]}"
call 'check a destination' 202 'body["status"] in ("SCHEDULED", "SUCCESS")' \
  --request POST --url "$UNSTRUCTURED_API_URL/destinations/$destination_id/connection-check" "${key[@]}"

# --- workflows: the documentation gives no content type here ---

call 'create a workflow' 200 'body["status"] == "active" and body["reprocess_all"] is False
  and body["workflow_nodes"][0]["settings"]["include_page_breaks"] is False' \
  --request POST --url "$UNSTRUCTURED_API_URL/workflows" "${key[@]}" --data "{
    \"name\": \"curl workflow\",
    \"source_id\": \"$source_id\",
    \"destination_id\": \"$destination_id\",
    \"workflow_type\": \"custom\",
    \"workflow_nodes\": [
      {
        \"name\": \"Partitioner\",
        \"type\": \"partition\",
        \"subtype\": \"unstructured_api\",
        \"settings\": {\"strategy\": \"fast\", \"include_page_breaks\": \"false\", \"infer_table_structure\": \"false\"}
      }
    ],
    \"schedule\": \"every 6 hours\",
    \"reprocess_all\": \"false\"
  }"
workflow_id="$(take 'body["id"]')"
call 'list workflows' 200 "'$workflow_id' in [each['id'] for each in body]" \
  --request GET --url "$UNSTRUCTURED_API_URL/workflows?name=curl&page=1&page_size=50&sort_by=id" "${key[@]}"
call 'get a workflow' 200 'body["schedule"] == {"crontab_entries": [{"cron_expression": "0 */6 * * *"}]}' \
  --request GET --url "$UNSTRUCTURED_API_URL/workflows/$workflow_id" "${key[@]}"
call 'update a workflow' 200 'body["name"] == "renamed by curl"' \
  --request PUT --url "$UNSTRUCTURED_API_URL/workflows/$workflow_id" "${key[@]}" --data '{"name": "renamed by curl"}'
call 'run a workflow' 202 "body['workflow_id'] == '$workflow_id' and body['status'] in ('SCHEDULED', 'IN_PROGRESS')" \
  --request POST --url "$UNSTRUCTURED_API_URL/workflows/$workflow_id/run" "${key[@]}"
job_id="$(take 'body["id"]')"

# --- jobs ---

for _ in $(seq 150); do
  curl --silent --output "$body" "${key[@]}" "$UNSTRUCTURED_API_URL/jobs/$job_id"
  [[ "$(take 'body["status"]')" =~ SCHEDULED|IN_PROGRESS ]] || break
  sleep 0.2
done
call 'get a job' 200 'body["status"] == "COMPLETED"' \
  --request GET --url "$UNSTRUCTURED_API_URL/jobs/$job_id" "${key[@]}"
call 'list jobs' 200 "[each['id'] for each in body] == ['$job_id']" \
  --request GET --url "$UNSTRUCTURED_API_URL/jobs?workflow_id=$workflow_id&status=completed" "${key[@]}"
call 'details of a job' 200 'body["processing_status"] == "SUCCESS" and len(body["node_stats"]) > 0' \
  --request GET --url "$UNSTRUCTURED_API_URL/jobs/$job_id/details" "${key[@]}"
call 'failed files of a job' 200 'body["failed_files"] == []' \
  --request GET --url "$UNSTRUCTURED_API_URL/jobs/$job_id/failed-files" "${key[@]}"
call 'cancel a job' 200 'bool(body)' \
  --request POST --url "$UNSTRUCTURED_API_URL/jobs/$job_id/cancel" "${key[@]}"

echo '<html><body><h1>Chain</h1><p>Oil it after each wet ride.</p></body></html>' > "$folder/chain.html"
printf '%%PDF-1.4\n%%%%EOF\n' > "$folder/chain.pdf"
sleep 1.1
call 'a job with an uploaded file' 200 'len(body["input_file_ids"]) == 1 and body["status"] in ("SCHEDULED", "IN_PROGRESS")' \
  --request POST --url "$UNSTRUCTURED_API_URL/jobs" "${key[@]}" \
  --form "input_files=@$folder/chain.html;filename=chain.html;type=text/html" \
  --form 'request_data={"job_nodes": [{"name": "Partitioner", "type": "partition", "subtype": "unstructured_api", "settings": {"strategy": "fast"}}]}'
job_id="$(take 'body["id"]')"
file_id="$(take 'body["input_file_ids"][0]')"
for _ in $(seq 100); do
  curl --silent --output "$body" "${key[@]}" "$UNSTRUCTURED_API_URL/jobs/$job_id"
  [[ "$(take 'body["status"]')" =~ SCHEDULED|IN_PROGRESS ]] || break
  sleep 0.2
done
call 'its output' 200 '[each["text"] for each in body] == ["Chain", "Oil it after each wet ride."]' \
  --request GET --url "$UNSTRUCTURED_API_URL/jobs/$job_id/download?file_id=$file_id" "${key[@]}"
sleep 1.1
call 'a job of a template' 200 'len(body["input_file_ids"]) == 1' \
  --request POST --url "$UNSTRUCTURED_API_URL/jobs/" "${key[@]}" \
  --form "input_files[]=@$folder/chain.pdf;filename=chain.pdf;type=application/pdf" \
  --form 'request_data={"template_id": "hi_res_partition"}'

# --- templates, single files ---

call 'list templates' 200 '"hi_res_partition" in [each["id"] for each in body]' \
  --request GET --url "$UNSTRUCTURED_API_URL/templates" "${key[@]}"
call 'get a template' 200 'body["nodes"][0]["type"] == "partition"' \
  --request GET --url "$UNSTRUCTURED_API_URL/templates/hi_res_partition" "${key[@]}"
call 'partition one file' 200 '[each["type"] for each in body] == ["Title", "NarrativeText"]' \
  --request POST --url "$(scene url)/general/v0/general" "${key[@]}" \
  --form "files=@$folder/chain.html;type=text/html" --form 'strategy=auto' --form 'coordinates=true'

# --- mistakes ---

call 'no key' 401 'isinstance(body["detail"], str)' --request GET --url "$UNSTRUCTURED_API_URL/sources"
call 'a bearer token in place of the header' 200 'isinstance(body, list)' \
  --request GET --url "$UNSTRUCTURED_API_URL/sources" --header "authorization: Bearer $UNSTRUCTURED_API_KEY"
call 'what is not there' 404 'isinstance(body["detail"], str)' \
  --request GET --url "$UNSTRUCTURED_API_URL/nonsense" "${key[@]}"
call 'no JSON' 422 'body["detail"]' \
  --request POST --url "$UNSTRUCTURED_API_URL/workflows" "${key[@]}" --data 'name=x'
call 'JSON that is cut off' 422 'body["detail"]' \
  --request POST --url "$UNSTRUCTURED_API_URL/sources" "${key[@]}" "${json[@]}" --data '{"name": '
call 'nothing at all' 422 'body["detail"]' \
  --request POST --url "$UNSTRUCTURED_API_URL/sources" "${key[@]}"
call 'a wrong method' 405 'isinstance(body["detail"], str)' \
  --request PATCH --url "$UNSTRUCTURED_API_URL/sources/$source_id" "${key[@]}" "${json[@]}" --data '{}'

call 'delete a workflow' 200 'bool(body)' \
  --request DELETE --url "$UNSTRUCTURED_API_URL/workflows/$workflow_id" "${key[@]}"
call 'delete the source' 200 'bool(body)' \
  --request DELETE --url "$UNSTRUCTURED_API_URL/sources/$source_id" "${key[@]}"
call 'delete the destination' 200 'bool(body)' \
  --request DELETE --url "$UNSTRUCTURED_API_URL/destinations/$destination_id" "${key[@]}"

echo "$passed passed, $failed failed"
[[ "$failed" == 0 ]]
