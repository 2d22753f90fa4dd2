# What an image has to show, run inside it: HEALTH and START are its own commands.
set -u
fail() { echo "FAILED: $*"; exit 1; }

[ "$(id -u)" != 0 ] || fail 'it runs as root'
! touch /app/anything 2>/dev/null || fail 'its root can be written to'
touch /data/anything && rm /data/anything || fail 'its volume cannot be written to'
echo "outflow $(outflow --version), Node $(node --version), as $(id -u):$(id -g)" || fail 'outflow does not start'
[ ! -e /app/node_modules/typescript ] || fail 'it brings the tools of developers along'
outflow --help | grep -q '^ *serve' || { echo 'SKIPPED: there is no `outflow serve` yet'; exit 0; }

begin() {
  eval "exec $START" > /data/log 2>&1 &
  server=$!
  for _ in $(seq 120); do
    eval "$HEALTH" && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.5
  done
  cat /data/log
  fail 'it did not become healthy'
}
end() {
  kill -TERM "$server"
  wait "$server"
  code=$?
  [ "$code" = 0 ] || { cat /data/log; fail "it ended with $code after SIGTERM"; }
}
begin
echo 'healthy'
end
echo 'ended by SIGTERM'
begin
echo 'healthy again, on the same volume'
end
