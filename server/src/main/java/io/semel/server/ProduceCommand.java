package io.semel.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

import io.semel.client.DeliverySemantics;
import io.semel.client.Semel;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "produce", sortOptions = false, header = "Writes lines of standard input into a topic.", description = {
    "", "A line is a value; with --key-separator, what stands before the separator is the key.", ""}, footer = {
        "",
        "Examples:",
        "  echo hello | ./semel produce greetings --data /tmp/mine",
        "  ./semel produce orders --data /tmp/mine --semantics exactly-once < orders.txt   (all lines or none)"})
final class ProduceCommand implements Callable<Integer> {
    /** Sends that are not confirmed yet: enough to keep batches full. */
    private static final int MAX_UNCONFIRMED = 10_000;

    @Mixin
    private DataOption data;

    @Parameters(paramLabel = "TOPIC", description = "Where to write.")
    private String topic;

    @Option(names = "--key-separator", paramLabel = "TEXT", description = "Splits a line into key and value.")
    private String keySeparator;

    @Option(names = "--semantics", paramLabel = "HOW", defaultValue = "at-least-once", converter = SemanticsConverter.class, description = "exactly-once (one transaction), at-least-once or at-most-once (default: ${DEFAULT-VALUE}).")
    private DeliverySemantics semantics;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        boolean inTransaction = semantics == DeliverySemantics.EXACTLY_ONCE;
        Map<String, Object> configs = inTransaction
                ? Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "semel-produce-" + topic)
                : Map.of();
        long sent;
        try (Semel semel = data.open()) {
            semel.admin().describeTopic(topic);
            try (Producer<String, String> producer = semel.producer(semantics, configs, new StringSerializer(),
                    new StringSerializer())) {
                if (inTransaction) {
                    producer.initTransactions();
                    producer.beginTransaction();
                }
                sent = sendAll(producer);
                if (inTransaction) {
                    producer.commitTransaction();
                }
            }
        }
        spec.commandLine().getErr().println(sent + " records written to " + topic);
        return CommandLines.GOOD;
    }

    private long sendAll(Producer<String, String> producer) throws IOException, InterruptedException {
        Deque<Future<RecordMetadata>> unconfirmed = new ArrayDeque<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long sent = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            unconfirmed.add(producer.send(recordOf(line)));
            sent++;
            if (unconfirmed.size() == MAX_UNCONFIRMED) {
                producer.flush();
                Sends.confirm(unconfirmed);
            }
        }
        producer.flush();
        Sends.confirm(unconfirmed);
        return sent;
    }

    private ProducerRecord<String, String> recordOf(String line) {
        int at = keySeparator == null ? -1 : line.indexOf(keySeparator);
        return at < 0
                ? new ProducerRecord<>(topic, line)
                : new ProducerRecord<>(topic, line.substring(0, at), line.substring(at + keySeparator.length()));
    }
}
