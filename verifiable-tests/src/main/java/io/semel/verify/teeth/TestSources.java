package io.semel.verify.teeth;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The tests of all modules of a checkout, compiled one class and what it needs at a time. Thread rule: immutable. */
final class TestSources {
    private static final String TESTS = "src/test/java";

    private final Path root;

    private TestSources(Path root) {
        this.root = root;
    }

    /** Those of the checkout in which {@code inside} lies. */
    static TestSources around(Path inside) {
        for (Path root = inside.toAbsolutePath(); root != null; root = root.getParent()) {
            if (Files.isDirectory(root.resolve("transactions").resolve(TESTS))) {
                return new TestSources(root);
            }
        }
        throw new IllegalStateException("no transactions/" + TESTS + " above " + inside
                + "; bugs are planted into a checkout");
    }

    /** Whether there is a test of that name: class, {@code #}, method. */
    boolean has(String test) throws IOException {
        String method = test.substring(test.indexOf('#') + 1);
        return Files.readString(fileOf(test)).contains("    @Test\n    void " + method + "()");
    }

    /** Compiles the test's class, and those of its module's tests that it names, into {@code target}. */
    void compile(String test, Path target) throws IOException {
        Path source = fileOf(test);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", target.toString(), "-cp", System.getProperty("java.class.path"),
                    "-sourcepath", testsAbove(source).toString(), "-proc:none", "-nowarn");
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source)).call()) {
                throw new IllegalStateException(test + " does not compile:\n" + said);
            }
        }
    }

    private Path testsAbove(Path source) {
        Path directory = source;
        while (!directory.endsWith(TESTS)) {
            directory = directory.getParent();
        }
        return directory;
    }

    private Path fileOf(String test) throws IOException {
        String className = test.substring(0, test.indexOf('#'));
        try (Stream<Path> modules = Files.list(root)) {
            return modules.map(module -> module.resolve(TESTS).resolve(className.replace('.', '/') + ".java"))
                    .filter(Files::isRegularFile).findFirst().orElseThrow(() -> new IllegalStateException(className
                            + " is in no module's " + TESTS + " below " + root
                            + "; name another test in the list of bugs"));
        }
    }
}
