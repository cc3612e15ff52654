package io.semel.verify.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

/** X1: a mutant that no longer fits the log's sources would catch nothing and say nothing. */
class MutantsTest {
    @TempDir
    private Path scratch;

    @TestFactory
    Stream<DynamicTest> everyMutantFitsTheSourcesAndCompiles() {
        MutantSources sources = MutantSources.around(Path.of(""));
        return Mutants.ALL.stream().map(mutant -> dynamicTest(mutant.name(), () -> {
            Path classes = Files.createTempDirectory(scratch, "mutant");
            sources.compile(mutant, classes);
            assertTrue(hasClasses(classes), classes::toString);
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyMutantNamesTestsThatExistOrAReason() {
        return Mutants.ALL.stream().map(mutant -> dynamicTest(mutant.name(), () -> {
            assertTrue(mutant.isHidden() != mutant.hiddenBecause().isEmpty());
            for (String test : mutant.races()) {
                assertTrue(exists("io.semel.log." + test) || exists("io.semel.log.memory." + test), test);
            }
            mutant.scenarios().forEach(Interleavings::named);
            assertEquals(mutant.caughtBy().size(), mutant.races().size() + mutant.scenarios().size());
        }));
    }

    private static boolean hasClasses(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".class"));
        }
    }

    private static boolean exists(String className) {
        try {
            Class.forName(className);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
