package io.semel.server;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The directory that a command works in: the user's, which is kept, or a temporary one, which is removed. */
public final class ScratchDirectory implements AutoCloseable {
    private final Path path;
    private final boolean isTemporary;

    private ScratchDirectory(Path path, boolean isTemporary) {
        this.path = path;
        this.isTemporary = isTemporary;
    }

    /** @param wanted the user's directory, made if it is missing, or null for a temporary one */
    public static ScratchDirectory open(Path wanted, String prefix) throws IOException {
        if (wanted == null) {
            ScratchDirectory temporary = new ScratchDirectory(Files.createTempDirectory(prefix), true);
            // For Ctrl-C; a normal end removes it in close().
            Runtime.getRuntime().addShutdownHook(new Thread(temporary::removeQuietly));
            return temporary;
        }
        Path path = wanted.toAbsolutePath().normalize();
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UsageException("not a directory: " + path + "; name one, or leave --data away");
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UsageException("directory can't be made: " + path + "; choose a place where you may write", e);
        }
        if (!Files.isWritable(path)) {
            throw new UsageException("directory is not writable: " + path + "; choose one where you may write");
        }
        return new ScratchDirectory(path, false);
    }

    public Path path() {
        return path;
    }

    private void removeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // The process ends; the system's own clean-up of temporary files takes the rest.
        }
    }

    @Override
    public void close() throws IOException {
        if (isTemporary && Files.exists(path)) {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
