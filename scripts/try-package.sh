#!/usr/bin/env bash
# Builds the package, installs it into an empty folder as a user would, and runs the demo and a first program from there.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD"
try="$(mktemp -d)"
trap 'rm -rf "$try"' EXIT

rm -rf dist
npm run --silent build
npm pack --silent --pack-destination "$try" > /dev/null
cd "$try"
echo '{ "name": "try", "private": true, "type": "module" }' > package.json
npm install --silent --no-audit --no-fund ./outflow-*.tgz
./node_modules/.bin/outflow demo --output-dir ./demo > demo.txt 2> demo.log || { cat demo.log demo.txt; exit 1; }
tail -n 12 demo.txt
cp "$root/examples/first-program.ts" .
node first-program.ts | tail -n 1
cp "$root/examples/second-run.ts" .
node second-run.ts
