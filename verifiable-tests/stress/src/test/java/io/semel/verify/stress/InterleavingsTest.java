package io.semel.verify.stress;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** L7: each scenario holds in every interleaving that is walked. */
class InterleavingsTest {
    @TestFactory
    Stream<DynamicTest> everyScenarioHolds() {
        return Interleavings.ALL.stream().map(each -> dynamicTest(each.type().getSimpleName(), each::walk));
    }
}
