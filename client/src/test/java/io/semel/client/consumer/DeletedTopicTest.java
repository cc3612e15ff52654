package io.semel.client.consumer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.semel.client.consumer.Rig.TOPIC;
import static io.semel.client.consumer.Rig.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A topic goes between two steps of one poll. */
@Timeout(60)
class DeletedTopicTest {
    private Rig rig;

    @BeforeEach
    void open(@TempDir Path path) throws Exception {
        rig = Rig.open(path).withTopic(TOPIC, 1);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void topicDeletedUnderTheReadHasNoRecordsAndNoFailure() throws Exception {
        rig.write(at(0), "a");
        TopicCatalog catalog = new TopicCatalog(rig.broker);
        ConsumerMetrics metrics = new ConsumerMetrics("deleted");
        Subscriptions subscriptions = new Subscriptions(id -> new PartitionFeed(id, () -> {
        }, true), metrics);
        subscriptions.choose(List.of(at(0)));
        TopicCatalog.Standing standing = catalog.standing(at(0)).orElseThrow();
        PartitionFeed feed = subscriptions.feed(at(0));
        feed.attach(standing.partition(), standing.topicId());
        feed.seek(0);
        StringDeserializer text = new StringDeserializer();
        Fetcher<String, String> fetcher = new Fetcher<>(subscriptions, catalog, new RecordDecoder<>(text, text),
                ConsumerSettings.parse(Map.of(), CommitStyle.MANUAL, text, text), metrics);
        rig.broker.deleteTopic(TOPIC);
        assertTrue(fetcher.fetch().isEmpty());
        assertEquals(0, feed.position());
    }
}
