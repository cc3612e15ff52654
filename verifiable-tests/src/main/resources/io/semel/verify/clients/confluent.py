"""The story as confluent-kafka tells it: librdkafka's producer, consumer, transactions and admin."""
import confluent_kafka
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

import story
from story import BOOTSTRAP, CODECS, NAME, PARTITIONS, PATIENCE_SECONDS, TOPIC, until

GROUP = NAME + "-group"
OTHER = NAME + "-other"


def name_of_error(e):
    inner = e.args[0] if e.args and isinstance(e, KafkaException) else None
    return inner.name() if inner is not None else type(e).__name__ + " " + str(e)


def step(name, body):
    story.step(name, body, name_of_error)


def configs(**more):
    all_of_them = {"bootstrap.servers": BOOTSTRAP, "log_level": 0}
    all_of_them.update({name.replace("_", "."): value for name, value in more.items()})
    return all_of_them


# Kept: what it was asked dies with it.
ADMIN = AdminClient(configs())


def results(futures):
    for future in futures.values():
        future.result(PATIENCE_SECONDS)


def create(topic, partitions):
    results(ADMIN.create_topics([NewTopic(topic, partitions, 1)]))


def partitions_of(topic):
    def found():
        answer = ADMIN.list_topics(topic, PATIENCE_SECONDS).topics[topic]
        if answer.error is not None and answer.error.name() != "LEADER_NOT_AVAILABLE":
            raise KafkaException(answer.error)
        return len(answer.partitions)
    return until("metadata of " + topic, found)


def send(producer, topic, partition, values, **more):
    """Sends and waits; the offsets as the broker told them."""
    told = []
    for value in values:
        producer.produce(topic, value, partition=partition, on_delivery=lambda e, m: told.append(e or m), **more)
    if producer.flush(PATIENCE_SECONDS) > 0:
        raise TimeoutError("not delivered")
    for each in told:
        if isinstance(each, confluent_kafka.KafkaError):
            raise KafkaException(each)
    return "offsets " + ",".join(str(m.offset()) for m in sorted(told, key=lambda m: m.offset()))


def produce(codec):
    producer = Producer(configs(compression_type=codec, linger_ms=50))
    return send(producer, TOPIC, 0, [codec + "-" + str(number) for number in range(4)], key="key-" + codec,
                headers=[("codec", codec.encode()), ("empty", None)])


def consumer(group, **more):
    return Consumer(configs(group_id=group, auto_offset_reset="earliest", enable_auto_commit=False,
                            enable_partition_eof=True, **more))


def read(partition, topic=TOPIC, first=0, **more):
    """Every record of the partition, until librdkafka says that its end is reached."""
    reader = consumer(OTHER, **more)
    reader.assign([TopicPartition(topic, partition, first)])
    found = []

    def ended():
        message = reader.poll(1)
        if message is None:
            return False
        if message.error() is None:
            found.append(message)
            return False
        if message.error().code() != confluent_kafka.KafkaError._PARTITION_EOF:
            raise KafkaException(message.error())
        return True
    until("the end of the partition", ended)
    reader.close()
    return found


def shown(messages):
    return ",".join(m.value().decode() for m in messages)


def keys_and_headers():
    first = read(0)[0]
    return "%s %s %s" % (first.key(), first.headers(), first.timestamp()[0])


def by_time():
    reader = consumer(OTHER)
    messages = read(0)
    found = reader.offsets_for_times([TopicPartition(TOPIC, 0, messages[4].timestamp()[1])], PATIENCE_SECONDS)
    later = reader.offsets_for_times([TopicPartition(TOPIC, 0, messages[-1].timestamp()[1] + 60000)], PATIENCE_SECONDS)
    reader.close()
    return "%s, behind the last %d" % (0 < found[0].offset <= 4, later[0].offset)


def watermarks():
    reader = consumer(OTHER)
    marks = reader.get_watermark_offsets(TopicPartition(TOPIC, 0), PATIENCE_SECONDS)
    reader.close()
    return "%d to %d" % marks


def two_members():
    """Two members share the partitions; when one leaves, the other has them all."""
    members = [consumer(GROUP, session_timeout_ms=6000, heartbeat_interval_ms=500) for _ in range(2)]
    for member in members:
        member.subscribe([TOPIC])

    def counts(polled):
        for member in polled:
            member.poll(0.1)
        return sorted(len(member.assignment()) for member in polled)
    until("two partitions each", lambda: counts(members) == [2, 2])
    members[0].close()
    until("four for who stays", lambda: counts(members[1:]) == [4])
    members[1].close()
    return "2 and 2, then 4"


def commit():
    member = consumer(GROUP)
    member.commit(offsets=[TopicPartition(TOPIC, 0, 7), TopicPartition(TOPIC, 1, 0)], asynchronous=False)
    return committed(member)


def committed(member):
    found = member.committed([TopicPartition(TOPIC, p) for p in range(3)], PATIENCE_SECONDS)
    member.close()
    return ",".join(str(each.offset) for each in found)


def resume():
    """A member goes on where the group's commits are."""
    member = consumer(GROUP)
    member.subscribe([TOPIC])
    message = until("a record", lambda: member.poll(1))
    while message.error() is not None or message.partition() != 0:
        message = until("a record", lambda: member.poll(1))
    member.close()
    return "from %d of partition 0" % message.offset()


def transactional(name, **more):
    producer = Producer(configs(transactional_id=NAME + name, **more))
    producer.init_transactions(PATIENCE_SECONDS)
    return producer


def transactions():
    producer = transactional("-tx")
    for number, end in enumerate([producer.commit_transaction, producer.abort_transaction, producer.commit_transaction]):
        producer.begin_transaction()
        send(producer, TOPIC, 1, ["tx-%d" % number])
        end(PATIENCE_SECONDS)
    return "committed %s, uncommitted %s" % (shown(read(1, isolation_level="read_committed")),
                                             shown(read(1, isolation_level="read_uncommitted")))


def many_transactions():
    producer = transactional("-many")
    for number in range(20):
        producer.begin_transaction()
        send(producer, TOPIC, 2, ["many-%d" % number])
        producer.commit_transaction(PATIENCE_SECONDS)
    return "%d records" % len(read(2, isolation_level="read_committed"))


def transactional_offsets():
    member = consumer(GROUP)
    producer = transactional("-offsets")
    producer.begin_transaction()
    producer.send_offsets_to_transaction([TopicPartition(TOPIC, 0, 9)], member.consumer_group_metadata(),
                                         PATIENCE_SECONDS)
    producer.commit_transaction(PATIENCE_SECONDS)
    producer.begin_transaction()
    producer.send_offsets_to_transaction([TopicPartition(TOPIC, 0, 2)], member.consumer_group_metadata(),
                                         PATIENCE_SECONDS)
    producer.abort_transaction(PATIENCE_SECONDS)
    return committed(member)


def fenced():
    older = transactional("-fenced")
    older.begin_transaction()
    send(older, TOPIC, 3, ["by the older"])
    transactional("-fenced")
    older.commit_transaction(PATIENCE_SECONDS)


def describe_configs():
    resource = ConfigResource(ConfigResource.Type.TOPIC, TOPIC)
    for future in ADMIN.describe_configs([resource]).values():
        found = future.result(PATIENCE_SECONDS)
    return ", ".join(name + "=" + found[name].value for name in ("cleanup.policy", "retention.ms"))


def alter_configs():
    resource = ConfigResource(ConfigResource.Type.TOPIC, TOPIC, set_config={"retention.ms": "86400000"})
    results(ADMIN.alter_configs([resource]))
    return describe_configs()


def alter_nonsense():
    resource = ConfigResource(ConfigResource.Type.TOPIC, TOPIC, set_config={"retention.ms": "soon"})
    results(ADMIN.alter_configs([resource]))


def more_partitions():
    results(ADMIN.create_partitions([NewPartitions(TOPIC, 6)]))
    return "%d" % until("six partitions", lambda: partitions_of(TOPIC) == 6 and 6)


def list_groups():
    return ",".join(sorted("%s %s" % (g.id, g.protocol_type) for g in ADMIN.list_groups(timeout=PATIENCE_SECONDS)
                           if g.id == GROUP))


def delete():
    create(NAME + "-gone", 1)
    partitions_of(NAME + "-gone")
    results(ADMIN.delete_topics([NAME + "-gone"]))


def automatic():
    producer = Producer(configs())
    return send(producer, NAME + "-automatic", -1, ["first"])


def first_act():
    step("create topic", lambda: create(TOPIC, PARTITIONS))
    step("create it again", lambda: create(TOPIC, PARTITIONS))
    step("metadata", lambda: partitions_of(TOPIC))
    step("invalid topic name", lambda: create("no/slash", 1))
    for codec in CODECS:
        step("produce " + codec, lambda: produce(codec))
    step("produce idempotently", lambda: send(Producer(configs(enable_idempotence=True)), TOPIC, 0, "abc"))
    step("acks 0", lambda: send(Producer(configs(acks=0)), TOPIC, 3, ["sent"]) and None)
    step("too large", lambda: send(Producer(configs(message_max_bytes=3000000)), TOPIC, 0, ["x" * 2000000]))
    step("consume", lambda: shown(read(0)))
    step("keys and headers", keys_and_headers)
    step("offsets by time", by_time)
    step("first and last offset", watermarks)
    step("group of two", two_members)
    step("commit offsets", commit)
    step("transactions", transactions)
    step("many transactions", many_transactions)
    step("offsets in transactions", transactional_offsets)
    step("fencing", fenced)
    step("describe configs", describe_configs)
    step("alter configs", alter_configs)
    step("alter nonsense", alter_nonsense)
    step("add partitions", more_partitions)
    step("list groups", list_groups)
    step("delete topic", delete)
    step("create automatically", automatic)


def second_act():
    step("read after a restart", lambda: "%d, %d, %d" % tuple(
        len(read(p, isolation_level="read_committed")) for p in range(3)))
    step("committed after a restart", lambda: committed(consumer(GROUP)))
    step("resume after a restart", resume)
    step("transaction after a restart", send_and_commit)


def send_and_commit():
    producer = transactional("-tx")
    producer.begin_transaction()
    answer = send(producer, TOPIC, 1, ["again"])
    producer.commit_transaction(PATIENCE_SECONDS)
    return answer


if story.ACT == "version":
    print("version: confluent-kafka %s, librdkafka %s" % (confluent_kafka.version()[0], confluent_kafka.libversion()[0]))
elif story.ACT == "first":
    first_act()
else:
    second_act()
