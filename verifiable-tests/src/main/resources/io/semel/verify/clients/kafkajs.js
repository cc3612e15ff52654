'use strict';
// The story as kafkajs tells it, a client in pure JavaScript.
const { Kafka, CompressionTypes, CompressionCodecs, ConfigResourceTypes, logLevel } = require('kafkajs');
CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy');

const [BOOTSTRAP, NAME, ACT] = process.argv.slice(2);
const TOPIC = NAME + '-topic';
const GROUP = NAME + '-group';
const PATIENCE_MS = 30000;
const kafka = new Kafka({ clientId: NAME, brokers: [BOOTSTRAP], logLevel: logLevel.NOTHING, retry: { retries: 8, initialRetryTime: 50 } });
const admin = kafka.admin();

class Unsupported extends Error { }

const oneLine = text => String(text).replace(/\s+/g, ' ').replaceAll(NAME, 'NAME');
const innermost = e => e.cause ? innermost(e.cause) : (e.errors || []).length ? innermost(e.errors[0]) : e;
const nameOfError = e => innermost(e).type || innermost(e).name + ' ' + innermost(e).message;

async function step(name, body) {
  let answer;
  try {
    answer = await body();
  } catch (e) {
    answer = e instanceof Unsupported ? 'unsupported ' + e.message : 'error ' + nameOfError(e);
  }
  console.log(name + ': ' + oneLine(answer === undefined ? 'ok' : answer));
}

async function until(what, condition) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('not so after ' + PATIENCE_MS + ' ms: ' + what);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

async function using(client, body) {
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.disconnect();
  }
}

const create = (topic, numPartitions) => admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1 }], waitForLeaders: true });
const partitionsOf = async topic => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length;
const shown = messages => messages.map(m => m.value.toString()).join();

const send = (partition, values, more = {}, topic = TOPIC, configs = {}) =>
  using(kafka.producer({ allowAutoTopicCreation: true, ...configs }), producer => sendWith(producer, partition, values, more, topic));

async function sendWith(producer, partition, values, more = {}, topic = TOPIC) {
  const { key, headers, ...rest } = more;
  const answer = await producer.send({ topic, ...rest, messages: values.map(value => ({ key, headers, partition, value })) });
  return 'base offset ' + answer.map(each => each.baseOffset).join();
}

const produce = (name, compression) =>
  send(0, [0, 1, 2, 3].map(number => name + '-' + number), { compression, key: 'key-' + name, headers: { codec: name } });

// Every record of the partition up to its end, transactions that were aborted left out or not.
async function read(partition, readUncommitted = false) {
  const end = Number((await admin.fetchTopicOffsets(TOPIC)).find(each => each.partition === partition).high);
  const consumer = kafka.consumer({ groupId: NAME + '-' + Math.random(), readUncommitted, maxWaitTimeInMs: 200 });
  const found = [];
  let reached = 0;
  return using(consumer, async () => {
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    consumer.on(consumer.events.END_BATCH_PROCESS, event => {
      if (event.payload.partition === partition) reached = Math.max(reached, Number(event.payload.lastOffset) + 1);
    });
    await consumer.run({
      autoCommit: false,
      eachMessage: async each => { if (each.partition === partition) found.push(each.message); },
    });
    await until('the end of the partition', () => reached >= end || found.length && Number(found.at(-1).offset) + 1 >= end);
    return found;
  });
}

async function keysAndHeaders() {
  const first = (await read(0))[0];
  return first.key + ' ' + Object.entries(first.headers).join();
}

async function byTime() {
  const messages = await read(0);
  const offset = async ms => (await admin.fetchTopicOffsetsByTimestamp(TOPIC, ms)).find(each => each.partition === 0).offset;
  const found = Number(await offset(Number(messages[4].timestamp)));
  return (found > 0 && found <= 4) + ', behind the last ' + await offset(Number(messages.at(-1).timestamp) + 60000);
}

async function firstAndLast() {
  const found = (await admin.fetchTopicOffsets(TOPIC)).find(each => each.partition === 0);
  return found.low + ' to ' + found.high;
}

// Members of the group, each with the partitions that it has.
async function member() {
  const consumer = kafka.consumer({ groupId: GROUP, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000 });
  const seat = { consumer, partitions: 0 };
  consumer.on(consumer.events.GROUP_JOIN, event => { seat.partitions = (event.payload.memberAssignment[TOPIC] || []).length; });
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async () => { } });
  return seat;
}

async function twoMembers() {
  const seats = [await member(), await member()];
  await until('two partitions each', () => seats.every(seat => seat.partitions === 2));
  await seats[0].consumer.disconnect();
  await until('four for who stays', () => seats[1].partitions === 4);
  await seats[1].consumer.disconnect();
  return '2 and 2, then 4';
}

async function committed() {
  const found = await admin.fetchOffsets({ groupId: GROUP, topics: [TOPIC] });
  return found[0].partitions.sort((a, b) => a.partition - b.partition).slice(0, 3).map(p => p.offset + (p.metadata || '')).join();
}

async function commit() {
  await admin.setOffsets({ groupId: GROUP, topic: TOPIC, partitions: [{ partition: 0, offset: '7' }, { partition: 1, offset: '0' }] });
  return committed();
}

async function resume() {
  const consumer = kafka.consumer({ groupId: GROUP });
  let first;
  return using(consumer, async () => {
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async each => { if (each.partition === 0) first ??= each.message.offset; } });
    await until('a record', () => first);
    return 'from ' + first + ' of partition 0';
  });
}

const transactional = id => kafka.producer({ transactionalId: NAME + id, idempotent: true, maxInFlightRequests: 1 });

const transactions = () => using(transactional('-tx'), async producer => {
  for (const [number, end] of [[0, 'commit'], [1, 'abort'], [2, 'commit']]) {
    const transaction = await producer.transaction();
    await sendWith(transaction, 1, ['tx-' + number]);
    await transaction[end]();
  }
  return 'committed ' + shown(await read(1)) + ', uncommitted ' + shown(await read(1, true));
});

const manyTransactions = () => using(transactional('-many'), async producer => {
  for (let number = 0; number < 20; number++) {
    const transaction = await producer.transaction();
    await sendWith(transaction, 2, ['many-' + number]);
    await transaction.commit();
  }
  return (await read(2)).length + ' records';
});

// With an id for each: the older rules' client would meet the end of its own last transaction.
async function offsetsInTransactions() {
  for (const [offset, end] of [['9', 'commit'], ['2', 'abort']]) {
    await using(transactional('-offsets-' + end), async producer => {
      const transaction = await producer.transaction();
      await transaction.sendOffsets({ consumerGroupId: GROUP, topics: [{ topic: TOPIC, partitions: [{ partition: 0, offset }] }] });
      await transaction[end]();
    });
  }
  return committed();
}

const fenced = () => using(transactional('-fenced'), async older => {
  const transaction = await older.transaction();
  await sendWith(transaction, 3, ['by the older']);
  return using(transactional('-fenced'), async newer => {
    const next = await newer.transaction();
    await sendWith(next, 3, ['by the newer']);
    await next.commit();
    await transaction.commit();
  });
});

async function describeConfigs() {
  const answer = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: TOPIC }] });
  return ['cleanup.policy', 'retention.ms'].map(name => name + '=' + answer.resources[0].configEntries.find(e => e.configName === name).configValue).join(', ');
}

async function alterConfigs(value) {
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: TOPIC, configEntries: [{ name: 'retention.ms', value }] }] });
  return describeConfigs();
}

async function deleteRecords() {
  await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '4' }] });
  return firstAndLast();
}

async function morePartitions() {
  await admin.createPartitions({ topicPartitions: [{ topic: TOPIC, count: 6 }] });
  return until('six partitions', async () => await partitionsOf(TOPIC) === 6 && 6);
}

async function describeGroup() {
  const group = (await admin.describeGroups([GROUP])).groups[0];
  return [group.errorCode, group.state, group.protocolType, group.members.length + ' members'].join(' ');
}

async function deleteGroup() {
  const group = NAME + '-deleted';
  await admin.setOffsets({ groupId: group, topic: TOPIC, partitions: [{ partition: 0, offset: '1' }] });
  await admin.deleteGroups([group]);
  await admin.deleteGroups([group]);
}

async function deleteTopic() {
  await create(NAME + '-gone', 1);
  await admin.deleteTopics({ topics: [NAME + '-gone'] });
  await until('it is gone', async () => !(await admin.listTopics()).includes(NAME + '-gone'));
}

async function noCodec() {
  throw new Unsupported('without native code');
}

async function firstAct() {
  await step('create topic', async () => { await create(TOPIC, 4); });
  await step('create it again', async () => String(await create(TOPIC, 4)));
  await step('metadata', () => partitionsOf(TOPIC));
  await step('invalid topic name', async () => { await create('no/slash', 1); });
  await step('produce none', () => produce('none', CompressionTypes.None));
  await step('produce gzip', () => produce('gzip', CompressionTypes.GZIP));
  await step('produce snappy', () => produce('snappy', CompressionTypes.Snappy));
  await step('produce lz4', noCodec);
  await step('produce zstd', noCodec);
  await step('produce idempotently', () => send(0, ['a', 'b', 'c'], {}, TOPIC, { idempotent: true, maxInFlightRequests: 1 }));
  await step('acks 0', async () => { await send(3, ['sent'], { acks: 0 }); });
  await step('too large', () => send(0, ['x'.repeat(2000000)]));
  await step('consume', async () => shown(await read(0)));
  await step('keys and headers', keysAndHeaders);
  await step('offsets by time', byTime);
  await step('first and last offset', firstAndLast);
  await step('group of two', twoMembers);
  await step('commit offsets', commit);
  await step('transactions', transactions);
  await step('many transactions', manyTransactions);
  await step('offsets in transactions', offsetsInTransactions);
  await step('fencing', fenced);
  await step('describe configs', describeConfigs);
  await step('alter configs', () => alterConfigs('86400000'));
  await step('alter nonsense', () => alterConfigs('soon'));
  await step('delete records', deleteRecords);
  await step('add partitions', morePartitions);
  await step('list groups', async () => (await admin.listGroups()).groups.filter(g => g.groupId === GROUP).map(g => g.groupId + ' ' + g.protocolType).join());
  await step('describe group', describeGroup);
  await step('delete group', deleteGroup);
  await step('delete topic', deleteTopic);
  await step('create automatically', () => send(0, ['first'], {}, NAME + '-automatic'));
}

async function secondAct() {
  await step('read after a restart', async () => [(await read(0)).length, (await read(1)).length, (await read(2)).length].join(', '));
  await step('committed after a restart', committed);
  await step('resume after a restart', resume);
  await step('transaction after a restart', () => using(transactional('-tx'), async producer => {
    const transaction = await producer.transaction();
    const answer = await sendWith(transaction, 1, ['again']);
    await transaction.commit();
    return answer;
  }));
}

async function main() {
  if (ACT === 'version') {
    console.log('version: kafkajs ' + require('kafkajs/package.json').version);
    return;
  }
  await admin.connect();
  await (ACT === 'first' ? firstAct() : secondAct());
  await admin.disconnect();
  process.exit(0);
}

main().catch(e => { console.log('stopped: error ' + nameOfError(e)); process.exit(1); });
