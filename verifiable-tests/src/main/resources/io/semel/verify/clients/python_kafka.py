"""The story as python-kafka tells it, a client in pure Python that knows no transactions."""
import logging

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import for_code
from kafka.structs import OffsetAndMetadata

import story
from story import BOOTSTRAP, CODECS, NAME, PARTITIONS, PATIENCE_SECONDS, TOPIC, Unsupported, until

GROUP = NAME + "-group"
logging.disable(logging.CRITICAL)


def step(name, body):
    story.step(name, body, lambda e: type(e).__name__)


def admin():
    return KafkaAdminClient(bootstrap_servers=BOOTSTRAP)


def create(topic, partitions):
    admin().create_topics([NewTopic(topic, partitions, 1)])


def raise_errors(answer):
    """The admin client leaves it to its caller to look at the codes."""
    for each in getattr(answer, "topic_errors", None) or getattr(answer, "topic_error_codes", None) or answer.resources:
        code = each[0] if isinstance(each[0], int) else each[1]
        if code:
            raise for_code(code)


def partitions_of(topic):
    consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP)
    found = until("metadata of " + topic, lambda: consumer.partitions_for_topic(topic))
    consumer.close()
    return len(found)


def send(partition, values, topic=TOPIC, key=None, headers=None, **configs):
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, **configs)
    futures = [producer.send(topic, v.encode(), key, headers, partition) for v in values]
    offsets = [future.get(PATIENCE_SECONDS).offset for future in futures]
    producer.close()
    return "offsets " + ",".join(map(str, offsets))


def produce(codec):
    return send(0, [codec + "-" + str(number) for number in range(4)], key=b"key-" + codec.encode(),
                headers=[("codec", codec.encode())], linger_ms=50, compression_type=None if codec == "none" else codec)


def consumer(**more):
    return KafkaConsumer(bootstrap_servers=BOOTSTRAP, auto_offset_reset="earliest", enable_auto_commit=False, **more)


def read(partition):
    reader = consumer()
    where = TopicPartition(TOPIC, partition)
    reader.assign([where])
    end = reader.end_offsets([where])[where]
    found = []

    def ended():
        for messages in reader.poll(1000).values():
            found.extend(messages)
        return reader.position(where) >= end
    until("the end of the partition", ended)
    reader.close()
    return found


def keys_and_headers():
    first = read(0)[0]
    return "%s %s %s" % (first.key, first.headers, first.timestamp_type)


def by_time():
    reader = consumer()
    where = TopicPartition(TOPIC, 0)
    messages = read(0)
    found = reader.offsets_for_times({where: messages[4].timestamp})[where]
    later = reader.offsets_for_times({where: messages[-1].timestamp + 60000})[where]
    reader.close()
    return "%s, behind the last %s" % (0 < found.offset <= 4, later)


def first_and_last():
    reader = consumer()
    where = TopicPartition(TOPIC, 0)
    answer = "%d to %d" % (reader.beginning_offsets([where])[where], reader.end_offsets([where])[where])
    reader.close()
    return answer


def two_members():
    members = [consumer(group_id=GROUP, session_timeout_ms=6000, heartbeat_interval_ms=500) for _ in range(2)]
    for member in members:
        member.subscribe([TOPIC])

    def counts(polled):
        for member in polled:
            member.poll(100)
        return sorted(len(member.assignment()) for member in polled)
    until("partitions for the first", lambda: counts(members[:1]) == [4])

    # Each waits for the other within its own poll, so they take turns on threads of their own.
    import threading
    shared = threading.Event()

    def poll(member):
        while not shared.is_set():
            member.poll(100)
    threads = [threading.Thread(target=poll, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    try:
        until("two partitions each", lambda: [len(member.assignment()) for member in members] == [2, 2])
    finally:
        shared.set()
        for thread in threads:
            thread.join()
    members[0].close(autocommit=False)
    until("four for who stays", lambda: counts(members[1:]) == [4])
    members[1].close(autocommit=False)
    return "4, 2 and 2, then 4"


def commit():
    member = consumer(group_id=GROUP)
    member.assign([TopicPartition(TOPIC, 0), TopicPartition(TOPIC, 1)])
    member.commit({TopicPartition(TOPIC, 0): OffsetAndMetadata(7, "a note"),
                   TopicPartition(TOPIC, 1): OffsetAndMetadata(0, "")})
    member.close(autocommit=False)
    return committed()


def committed():
    member = consumer(group_id=GROUP)
    found = [member.committed(TopicPartition(TOPIC, p)) for p in range(3)]
    member.close(autocommit=False)
    return ",".join(map(str, found))


def resume():
    member = consumer(group_id=GROUP)
    member.subscribe([TOPIC])
    messages = until("a record", lambda: member.poll(1000))
    first = min(m.offset for where in messages if where.partition == 0 for m in messages[where])
    member.close(autocommit=False)
    return "from %d of partition 0" % first


def describe_configs():
    resource = ConfigResource(ConfigResourceType.TOPIC, TOPIC)
    entries = {entry[0]: entry[1] for answer in admin().describe_configs([resource]) for entry in answer.resources[0][4]}
    return ", ".join(name + "=" + entries[name] for name in ("cleanup.policy", "retention.ms"))


def alter_configs(value):
    raise_errors(admin().alter_configs([ConfigResource(ConfigResourceType.TOPIC, TOPIC, {"retention.ms": value})]))
    return describe_configs()


def more_partitions():
    admin().create_partitions({TOPIC: NewPartitions(6)})
    return "%d" % until("six partitions", lambda: partitions_of(TOPIC) == 6 and 6)


def describe_group():
    found = admin().describe_consumer_groups([GROUP])[0]
    return "%s %s %s, %d members" % (found.error_code, found.state, found.protocol_type, len(found.members))


def group_offsets():
    found = admin().list_consumer_group_offsets(GROUP)
    return ", ".join("%d: %d '%s'" % (p.partition, o.offset, o.metadata) for p, o in sorted(found.items()))


def delete_group():
    group = NAME + "-deleted"
    member = consumer(group_id=group)
    member.assign([TopicPartition(TOPIC, 0)])
    member.commit({TopicPartition(TOPIC, 0): OffsetAndMetadata(1, "")})
    member.close(autocommit=False)
    answer = [admin().delete_consumer_groups([group])[0][1].__name__ for _ in range(2)]
    return ", then ".join(answer)


def delete():
    create(NAME + "-gone", 1)
    partitions_of(NAME + "-gone")
    admin().delete_topics([NAME + "-gone"])


def no_transactions():
    raise Unsupported("by python-kafka")


def first_act():
    step("create topic", lambda: create(TOPIC, PARTITIONS))
    step("create it again", lambda: create(TOPIC, PARTITIONS))
    step("metadata", lambda: partitions_of(TOPIC))
    step("invalid topic name", lambda: create("no/slash", 1))
    for codec in CODECS:
        step("produce " + codec, lambda: produce(codec))
    step("produce idempotently", no_transactions)
    step("acks 0", lambda: send(3, ["sent"], acks=0) and None)
    step("too large", lambda: send(0, ["x" * 2000000], max_request_size=3000000))
    step("consume", lambda: ",".join(m.value.decode() for m in read(0)))
    step("keys and headers", keys_and_headers)
    step("offsets by time", by_time)
    step("first and last offset", first_and_last)
    step("group of two", two_members)
    step("commit offsets", commit)
    step("transactions", no_transactions)
    step("describe configs", describe_configs)
    step("alter configs", lambda: alter_configs("86400000"))
    step("alter nonsense", lambda: alter_configs("soon"))
    step("add partitions", more_partitions)
    step("list groups", lambda: ",".join("%s %s" % g for g in admin().list_consumer_groups() if g[0] == GROUP))
    step("describe group", describe_group)
    step("offsets of a group", group_offsets)
    step("delete group", delete_group)
    step("delete topic", delete)
    step("create automatically", lambda: send(None, ["first"], topic=NAME + "-automatic"))


def second_act():
    step("read after a restart", lambda: str(len(read(0))))
    step("committed after a restart", committed)
    step("resume after a restart", resume)


if story.ACT == "version":
    print("version: python-kafka " + kafka.__version__)
elif story.ACT == "first":
    first_act()
else:
    second_act()
