#!/bin/sh
# Writes the secrets that compose.yaml needs into .env beside it, for this user's eyes alone.
# Safe to run again: it fills in what is missing, and changes nothing that is there.
set -eu
umask 077
file="${1:-$(dirname "$0")/.env}"
[ -e "$file" ] || : > "$file"
chmod 600 "$file"

# A last line without an end would swallow what comes after it.
[ -z "$(tail -c 1 "$file")" ] || echo >> "$file"

fill() {
  grep -q "^$1=..*" "$file" && return
  value="$(head -c "$2" /dev/urandom | od -An -v -tx1 | tr -d ' \n')"
  if grep -q "^$1=$" "$file"; then
    rest="$(grep -v "^$1=$" "$file" || true)"
    printf '%s\n' "$rest" > "$file"
  fi
  echo "$1=$value" >> "$file"
  echo "$1: made" >&2
}

fill POSTGRES_PASSWORD 24
fill OUTFLOW_SECRET_KEY 32
