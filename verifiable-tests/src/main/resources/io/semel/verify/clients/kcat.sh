#!/usr/bin/env bash
# The story as kcat tells it: librdkafka by its command line, which has no admin calls.
set -uo pipefail
readonly bootstrap=$1 name=$2 act=$3
readonly topic=$name-topic group=$name-group
readonly patience=30
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs the step and prints its answer on one line; a kcat that fails answers with what it said last.
step() {
    local step=$1 answer
    shift
    answer=$("$@" 2>"$scratch/err") || answer="error $(grep -oE 'Broker: [^()]*|Local: [^()]*' "$scratch/err" | tail -n 1)"
    printf '%s: %s\n' "$step" "$(tr -s '[:space:]' ' ' <<<"${answer:-ok}" | sed "s/$name/NAME/g; s/ *$//")"
}
unsupported() { echo "unsupported by kcat"; }

run() { timeout "$patience" kcat -b "$bootstrap" "$@"; }
produce() { run -P -t "$topic" -p 0 "$@"; }
lines() { printf '%s\n' "$@"; }

codec() { lines "$1"-0 "$1"-1 "$1"-2 "$1"-3 | produce -z "$1" -X linger.ms=50 -k "key-$1" -H "codec=$1"; }
read_all() { run -C -q -t "${2:-$topic}" -p 0 -o "${3:-beginning}" -e -X "isolation.level=${1:-read_committed}" -f '%s,'; }
keys() { run -C -q -t "$topic" -p 0 -o beginning -c 1 -f '%k %h %p %o %S %K'; }

metadata() {
    local try
    for ((try = 0; try < 100; try++)); do
        run -L -t "$topic" >"$scratch/metadata" || return
        if ! grep -q 'Broker: ' "$scratch/metadata"; then break; fi
    done
    grep -oE 'topic "[^"]*" with .*|partition [0-9]+, .*|Broker: .*' "$scratch/metadata" | sed 's/leader [0-9]*/leader N/; s/: [0-9]*\b/: N/g'
}

by_time() {
    local fifth
    fifth=$(run -C -q -t "$topic" -p 0 -o 4 -c 1 -f '%T')
    local found
    found=$(run -Q -t "$topic:0:$fifth" | grep -oE '[0-9]+$')
    echo "$((found > 0 && found <= 4)), behind the last $(run -Q -t "$topic:0:$((fifth + 3600000))" | grep -oE '\S+$')"
}

large() { head -c 2000000 /dev/zero | tr '\0' x | produce -X message.max.bytes=3000000; }

# Two members share four topics of one partition; when one leaves, the other reads them all.
group_of_two() {
    local each shared=() members=()
    for each in 1 2 3 4; do
        shared+=("$topic-$each")
        echo "value-$each" | run -P -t "$topic-$each" || return
    done
    for each in 1 2; do
        kcat -b "$bootstrap" -G "$group" -u -X session.timeout.ms=6000 -X heartbeat.interval.ms=500 -X auto.offset.reset=earliest \
            -X partition.assignment.strategy=roundrobin -f '%t %s\n' "${shared[@]}" >"$scratch/member-$each" 2>"$scratch/said-$each" &
        members+=($!)
    done
    await_seats 1 2 && await_seats 2 2 && kill -INT "${members[0]}" && wait "${members[0]}"
    await_seats 2 4 || return
    kill -INT "${members[1]}"
    wait "${members[1]}"
    echo '2 and 2, then 4'
}

# Waits until the last assignment that the member heard of has so many partitions.
await_seats() {
    local try
    for ((try = 0; try < patience * 10; try++)); do
        [[ $(grep -o 'rebalanced.*assigned: .*' "$scratch/said-$1" | tail -n 1 | grep -oE '\[[0-9]+\]' | wc -l) == "$2" ]] && return
        sleep 0.1
    done
    return 1
}

member() { timeout "$patience" kcat -b "$bootstrap" -G "$name-once" -q -u -c "$1" -X auto.offset.reset=earliest -X session.timeout.ms=6000 -f '%o %s\n' "$topic" 2>/dev/null; }

transaction() { lines "$@" | run -P -t "$topic-tx" -p 0 -X "transactional.id=$name-tx"; }
transactions() {
    transaction tx-0 tx-1 && transaction tx-2 && echo "committed $(read_all read_committed "$topic-tx")"
}
many() {
    local number
    for number in 1 2 3 4 5; do
        transaction "many-$number" || return
    done
    echo "$(run -C -q -t "$topic-tx" -p 0 -o beginning -e -f '%s\n' | wc -l) records"
}

first_act() {
    step 'create topic' unsupported
    step 'create automatically' metadata
    local each
    for each in none gzip snappy lz4 zstd; do
        step "produce $each" codec "$each"
    done
    step 'produce idempotently' idempotent
    step 'acks 0' unacknowledged
    step 'too large' large
    step 'consume' read_all
    step 'keys and headers' keys
    step 'offsets by time' by_time
    step 'first and last offset' ends
    step 'group of two' group_of_two
    step 'commit offsets' member 3
    step 'transactions' transactions
    step 'many transactions' many
    step 'invalid topic name' invalid
}
idempotent() { lines a b c | produce -X enable.idempotence=true; }
unacknowledged() { echo sent | run -P -t "$topic-4" -X acks=0; }
ends() { echo "$(run -Q -t "$topic:0:-2" | grep -oE '\S+$') to $(run -Q -t "$topic:0:-1" | grep -oE '\S+$')"; }
invalid() { run -L -t 'no/slash' | grep -o 'Broker: .*'; }

second_act() {
    step 'read after a restart' read_all
    step 'resume after a restart' member 2
    step 'transaction after a restart' transactions
}

case $act in
    version) echo "version: $(kcat -V | grep -oE 'Version \S+|librdkafka \S+' | tr '\n' ' ' | sed 's/Version /kcat /; s/ librd/, librd/; s/ $//')" ;;
    first) first_act ;;
    *) second_act ;;
esac
