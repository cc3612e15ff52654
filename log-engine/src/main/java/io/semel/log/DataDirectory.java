package io.semel.log;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Supplier;

import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;

/**
 * The directory that holds everything: locked for one owner, and labelled by {@code meta.properties} with the cluster's id
 * and the format's version. An unknown version is refused, never guessed.
 */
public final class DataDirectory implements AutoCloseable {
    /** The version of the layout that this code reads and writes. */
    public static final int FORMAT_VERSION = 1;

    static final String META_FILE = "meta.properties";

    private static final String VERSION_KEY = "semel.format.version";
    private static final String CLUSTER_KEY = "cluster.id";

    private final Path path;
    private final DirectoryLock lock;
    private final String clusterId;

    private DataDirectory(Path path, DirectoryLock lock, String clusterId) {
        this.path = path;
        this.lock = lock;
        this.clusterId = clusterId;
    }

    /**
     * Creates the directory when it is missing, takes its lock and checks its label.
     *
     * @param ids where a new directory's cluster id comes from
     * @throws io.semel.log.memory.DirectoryInUseException when somebody else owns it
     * @throws IncompatibleDirectoryException when it has another format, or holds files of something else
     */
    public static DataDirectory open(Disk disk, Path path, Supplier<UUID> ids) throws IOException {
        // Before the lock's file is made: what is refused here is left as it was.
        requireOurs(disk, path);
        disk.createDirectories(path);
        DirectoryLock lock = disk.lock(path);
        try {
            return new DataDirectory(path, lock, label(disk, path, ids));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void requireOurs(Disk disk, Path path) throws IOException {
        if (disk.exists(path.resolve(META_FILE))) {
            clusterIdIn(disk, path.resolve(META_FILE));
        } else {
            requireEmpty(disk, path);
        }
    }

    private static String label(Disk disk, Path path, Supplier<UUID> ids) throws IOException {
        Path file = path.resolve(META_FILE);
        if (!disk.exists(file)) {
            requireEmpty(disk, path);
            String clusterId = ids.get().toString();
            String text = VERSION_KEY + '=' + FORMAT_VERSION + '\n' + CLUSTER_KEY + '=' + clusterId + '\n';
            disk.replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return clusterId;
        }
        return clusterIdIn(disk, file);
    }

    private static String clusterIdIn(Disk disk, Path file) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(StandardCharsets.UTF_8.decode(disk.read(file)).toString()));
        String version = properties.getProperty(VERSION_KEY, "none");
        if (!version.equals(Integer.toString(FORMAT_VERSION))) {
            throw new IncompatibleDirectoryException("unknown directory format: " + file + " says " + VERSION_KEY + '='
                    + version + ", this version of Semel reads " + FORMAT_VERSION
                    + "; open it with the version that wrote it. Nothing was changed");
        }
        String clusterId = properties.getProperty(CLUSTER_KEY);
        if (clusterId == null) {
            throw new IncompatibleDirectoryException("no " + CLUSTER_KEY + " in " + file + "; the file is damaged");
        }
        return clusterId;
    }

    /** A directory with files but without a label is somebody else's, or was damaged: it is left alone. */
    private static void requireEmpty(Disk disk, Path path) throws IOException {
        for (Path entry : disk.list(path)) {
            String name = entry.getFileName().toString();
            boolean ours = name.equals(".lock") || name.equals(META_FILE + ".tmp");
            // Without the lock, another process may be making the directory just now: then the label is there by now.
            if (!ours && !disk.exists(path.resolve(META_FILE))) {
                throw new IncompatibleDirectoryException("not a directory of Semel: " + path + " has no " + META_FILE
                        + " but holds " + name + "; use an empty or a new directory. Nothing was changed");
            }
        }
    }

    public Path path() {
        return path;
    }

    public String clusterId() {
        return clusterId;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
