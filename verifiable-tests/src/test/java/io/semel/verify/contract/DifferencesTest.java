package io.semel.verify.contract;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

import io.semel.verify.clients.Differences;
import io.semel.verify.clients.Differences.Deviation;
import io.semel.verify.clients.Differences.Difference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The list of differences is about contracts and homes that there are, and lets nothing else through. */
class DifferencesTest {
    private static final List<Class<?>> CONTRACTS = List.of(SendContractTest.class, PluginContractTest.class,
            ProducerLifeContractTest.class, ProducerMetricsContractTest.class, TransactionContractTest.class,
            PositionContractTest.class,
            CommitContractTest.class, GroupContractTest.class, ConsumerLifeContractTest.class,
            AssignorContractTest.class, CooperativeContractTest.class);

    private static final Differences ONE = Differences.parse("""
            # a remark
            contract: A.b
            fact: colour
            kafka: red
            embedded: blue
            because: a reason
            """);

    @Test
    void everyDifferenceIsAboutAContractAndAHome() {
        Set<String> contracts = CONTRACTS.stream().flatMap(
                type -> Stream.of(type.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(
                        Contract.class))
                        .map(method -> nameOf(type, method)))
                .collect(Collectors.toSet());
        Set<String> homes = Arrays.stream(Homes.values()).map(Homes::title).collect(Collectors.toSet());
        for (Difference each : InEveryHome.LISTED.all()) {
            assertTrue(contracts.contains(each.contract()), () -> "no such contract: " + each);
            assertTrue(homes.containsAll(each.values().keySet()), () -> "no such home: " + each);
        }
    }

    /** Found by name in the contracts' class files, where the names of the methods that they call stand. */
    @Test
    void everyMethodOfKafkasInterfacesIsCalledByAContract() throws IOException {
        StringBuilder names = new StringBuilder();
        for (Class<?> contract : CONTRACTS) {
            try (InputStream bytes = contract.getResourceAsStream(contract.getSimpleName() + ".class")) {
                names.append(new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        Set<String> missing = Stream.of(Producer.class, Consumer.class).flatMap(type -> Stream.of(type.getMethods()))
                .map(Method::getName).filter(name -> names.indexOf(name) < 0).collect(Collectors.toSet());
        assertEquals(Set.of(), missing);
    }

    private static String nameOf(Class<?> type, Method method) {
        return type.getSimpleName() + '.' + method.getName();
    }

    @Test
    void aDifferenceThatIsListedPassesAndAnythingElseFails() {
        Deviation listed = new Deviation("colour", "red", "blue");
        assertEquals(List.of(), faults(Homes.EMBEDDED, "A.b", List.of(listed)));
        assertFails(Homes.EMBEDDED, "A.b", List.of());
        assertFails(Homes.EMBEDDED, "A.b", List.of(listed, new Deviation("size", "1", "2")));
        assertEquals(2, faults(Homes.EMBEDDED, "A.b", List.of(new Deviation("colour", "red", "green"))).size());
        assertFails(Homes.EMBEDDED, "A.c", List.of(listed));
        assertFails(Homes.KAFKA, "A.b", List.of(listed));
    }

    private static void assertFails(Homes home, String contract, List<Deviation> found) {
        assertEquals(1, faults(home, contract, found).size());
    }

    private static List<String> faults(Homes home, String contract, List<Deviation> found) {
        return ONE.faults(home.title(), contract, found);
    }

    @Test
    void aBlockThatSaysTooLittleIsRefused() {
        assertEquals(Map.of("kafka", "red", "embedded", "blue"), ONE.all().get(0).values());
        for (String missing : List.of("contract", "fact", "kafka", "embedded", "because")) {
            String text = "contract: A.b\nfact: colour\nkafka: red\nembedded: blue\nbecause: a reason\n"
                    .replaceAll(missing + ": .*\n", "");
            assertThrows(IllegalArgumentException.class, () -> Differences.parse(text), missing);
        }
    }
}
