package io.semel.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The working tree that the build runs in. Read once, immutable afterwards, so any thread may ask. */
final class Repository {
    /** What tools leave behind and git ignores. */
    private static final Set<String> LEFT_BY_TOOLS =
            Set.of(".git", "target", ".idea", ".vscode", ".settings", ".classpath", ".project", ".jqwik-database");

    private static final Set<String> TEXT_ENDINGS = Set.of("java", "xml", "md", "properties", "sh", "yml", "yaml",
            "txt");

    /** Text without an ending in its name. The wrapper's scripts are not here: they are generated. */
    private static final Set<String> TEXT_NAMES = Set.of("semel", "run", ".editorconfig", ".gitignore",
            ".gitattributes");

    /**
     * Programs that link Semel from outside: no part of the house, so neither its storeys nor its modules count them.
     */
    private static final String EXAMPLES = "docs/examples";

    private final Path root;
    private final List<SourceFile> files;

    private Repository(Path root, List<SourceFile> files) {
        this.root = root;
        this.files = files;
    }

    static Repository read() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
            if (root == null) {
                throw new IllegalStateException("no .mvn directory above " + Path.of("").toAbsolutePath()
                        + "; run the tests inside of the repository");
            }
        }
        return new Repository(root, readTexts(root));
    }

    /** The names of the files and directories at the root. */
    Set<String> topLevel() {
        try (Stream<Path> entries = Files.list(root)) {
            Set<String> names = new TreeSet<>();
            entries.map(entry -> entry.getFileName().toString()).filter(name -> !isLeftByTools(name)).forEach(
                    names::add);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every text file, with its text. */
    List<SourceFile> files() {
        return files;
    }

    List<SourceFile> javaFiles() {
        return files.stream().filter(SourceFile::isJava).toList();
    }

    List<SourceFile> mainSources() {
        return javaFiles().stream().filter(file -> file.isIn("src/main/java") && !file.isIn(EXAMPLES)).toList();
    }

    List<SourceFile> poms() {
        return files.stream().filter(file -> file.path().equals("pom.xml") || file.path().endsWith("/pom.xml"))
                .filter(file -> !file.isIn(EXAMPLES)).toList();
    }

    boolean hasExecutable(String path) {
        return Files.isExecutable(root.resolve(path));
    }

    private static List<SourceFile> readTexts(Path root) {
        List<SourceFile> files = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    boolean skip = isLeftByTools(directory.getFileName().toString());
                    return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile() && isText(file.getFileName().toString())) {
                        String path = root.relativize(file).toString().replace('\\', '/');
                        files.add(new SourceFile(path, Files.readString(file, StandardCharsets.UTF_8)));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(files);
    }

    private static boolean isLeftByTools(String name) {
        return LEFT_BY_TOOLS.contains(name) || name.endsWith(".iml") || name.startsWith("hs_err_pid");
    }

    private static boolean isText(String name) {
        return TEXT_NAMES.contains(name) || TEXT_ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
