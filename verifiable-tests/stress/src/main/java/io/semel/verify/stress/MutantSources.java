package io.semel.verify.stress;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes classes of mutants from the house's own sources. Thread rule: immutable. */
public final class MutantSources {
    private static final String LOG = "log-engine/src/main/java/io/semel/log";

    private final Path sources;

    private MutantSources(Path sources) {
        this.sources = sources;
    }

    /** The log's sources in the checkout in which {@code inside} lies. */
    public static MutantSources around(Path inside) {
        return around(inside, LOG);
    }

    /** Those below a directory of that checkout. */
    public static MutantSources around(Path inside, String directory) {
        for (Path root = inside.toAbsolutePath(); root != null; root = root.getParent()) {
            if (Files.isDirectory(root.resolve(directory))) {
                return new MutantSources(root.resolve(directory));
            }
        }
        throw new IllegalStateException("no " + directory + " above " + inside + "; mutants are made from a checkout");
    }

    /**
     * Compiles the one class in which the mutant's text stands; its classes below {@code target} go before the real
     * ones on a class path.
     */
    public void compile(Mutant mutant, Path target) throws IOException {
        Path source = fileOf(mutant);
        Path changed = target.resolve("source").resolve(source.getFileName());
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, Files.readString(source).replace(mutant.original(), mutant.weakened()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", target.toString(), "-cp", System.getProperty("java.class.path"),
                    "-proc:none", "-nowarn");
            if (!compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(changed)).call()) {
                throw new IllegalStateException("the mutant '" + mutant.name() + "' does not compile:\n" + said);
            }
        }
    }

    private Path fileOf(Mutant mutant) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            Path found = null;
            for (Path file : files.filter(each -> each.endsWith(mutant.fileName())).toList()) {
                String text = Files.readString(file);
                int first = text.indexOf(mutant.original());
                if (first >= 0 && (found != null || text.indexOf(mutant.original(), first + 1) >= 0)) {
                    throw new IllegalStateException("the text of the mutant '" + mutant.name()
                            + "' stands more than once below " + sources
                            + "; give it more words in the list of mutants");
                }
                found = first >= 0 ? file : found;
            }
            if (found == null) {
                throw new IllegalStateException("the text of the mutant '" + mutant.name() + "' stands nowhere below "
                        + sources + "; the code has changed, so change the list of mutants too: " + mutant
                                .original());
            }
            return found;
        }
    }
}
