# shellcheck shell=bash disable=SC2034
# servers.sh: a suite over one store, whose processes die at any moment and are started again on what the disk holds.
# Sourced by the scripts that kill them. IPB_BIN_DIR and IPB_SOURCE_DIR say what to run; `engine` is sqlite or redis.
bin=${IPB_BIN_DIR:?} source=${IPB_SOURCE_DIR:?}
engine=${engine:?}
work=$(mktemp -d "${TMPDIR:-/tmp}/ipb-faults.XXXXXX")
clock=$work/clock

# A port where nothing listens.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
port=$(free_port) redis_port=$(free_port)
case $engine in
  sqlite) store="sqlite:$work/ipb.db" ;;
  redis) store="redis://127.0.0.1:$redis_port" ;;
  *) echo "$engine is not a store: sqlite or redis" >&2; exit 2 ;;
esac
# The player of journeys, which makes again what is not answered. Without a journey it only waits until the suite is ready.
player=("$bin/ipb-journey" --address="127.0.0.1:$port" --clock="$clock" --wait=60s --ride_out=60s)
suite_pid='' redis_pid=''
others=() # processes to end with the script

stop_all() {
  kill "${others[@]}" 2>/dev/null || true
  kill -9 $suite_pid $redis_pid 2>/dev/null || true
  wait $suite_pid $redis_pid 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

start_redis() {
  redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$work" --appendonly yes --appendfsync always --save '' \
    --maxmemory-policy noeviction >>"$work/redis.log" 2>&1 &
  redis_pid=$!
}

start_service() { # NAME: a program of the suite; `service_pid` is its process
  "$bin/ipb-$1" --listen="127.0.0.1:$port" --store="$store" --policy="$source/deploy/policy" --insecure \
    --clock="$clock" >>"$work/$1.log" 2>&1 &
  service_pid=$!
}

start_suite() {
  start_service suite
  suite_pid=$service_pid
}

# Ends the suite as an operator does. Fails if it ends badly.
stop_suite() {
  local code=0
  kill -TERM "$suite_pid"
  wait "$suite_pid" || code=$?
  suite_pid=''
  return "$code"
}

# Kills it with -9 and starts it again.
kill_redis() {
  kill -9 "$redis_pid"
  wait "$redis_pid" || true
  start_redis
} 2>/dev/null
kill_suite() {
  kill -9 "$suite_pid"
  wait "$suite_pid" || true
  start_suite
} 2>/dev/null

# The journeys that are for the suite: those of another deployment, such as payments alone, are not.
journeys_of_suite() { grep -L '"deployment"' "$source"/tests/journeys/*.json; }

check_store=("$(dirname "$bin")/tests/ipb-store-check" --store="$store")

set_clock() { # INSTANT
  echo "$1" >"$clock"
}
set_clock 2025-05-01T09:00:00Z
if [ "$engine" = redis ]; then start_redis; fi
