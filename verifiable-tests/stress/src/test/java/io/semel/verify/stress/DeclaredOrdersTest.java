package io.semel.verify.stress;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** L7: the memory orders are those that were reasoned about. X1: a weaker one that no race shows differs from them. */
class DeclaredOrdersTest {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    private Path scratch;

    @Test
    void everyAccessIsAsDeclared() {
        assertEquals(List.of(), DeclaredOrders.violations(CLASS_PATH));
    }

    @TestFactory
    Stream<DynamicTest> everyMutantThatNoRaceShowsDiffersFromTheDeclaration() {
        MutantSources sources = MutantSources.around(Path.of(""));
        return Mutants.ALL.stream().filter(Mutant::isHidden).map(mutant -> dynamicTest(mutant.name(), () -> {
            Path classes = Files.createTempDirectory(scratch, "mutant");
            sources.compile(mutant, classes);
            assertFalse(DeclaredOrders.violations(classes + File.pathSeparator + CLASS_PATH).isEmpty());
        }));
    }
}
