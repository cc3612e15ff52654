package io.semel.transactions.broker;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

import io.semel.log.Durability;
import io.semel.log.memory.Disk;
import io.semel.transactions.coordinator.Survival;
import io.semel.transactions.partition.Partition;

/**
 * {@code last-life}: what must be known of a directory's life to tell, at the next opening, whether all that was
 * acknowledged in it is there still. Text, replaced whole:
 *
 * <pre>
 *   version=1
 *   state=open                        open | closed
 *   boot=UUID                         of the machine's start; empty where that is not to be known
 *   durability=process                of the broker's own logs: process | power
 * </pre>
 *
 * <p>Invariant (T1): it says closed only while all is on the medium. A life begins by saying open, forced, before
 * anybody writes; so the word of a clean end is never taken for that of a life that came later (KAFKA-10471).
 *
 * <p>Thread rule: one thread, the one that opens and the one that closes.
 */
final class LastLife {
    static final String FILE = Broker.LAST_LIFE_FILE;

    private static final String VERSION = "1";
    private static final String CLOSED = "closed";

    private final Disk disk;
    private final Path file;
    private final Durability durability;
    private boolean begun;

    LastLife(Disk disk, Path directory, Durability durability) {
        this.disk = disk;
        this.file = directory.resolve(FILE);
        this.durability = durability;
    }

    /** @param partitions all of the directory's, opened */
    Survival survival(Collection<Partition> partitions) throws IOException {
        Properties last = read();
        boolean sameBoot = disk.boot().map(UUID::toString).equals(Optional.of(last.getProperty("boot", "")));
        boolean forced = nameOf(Durability.POWER).equals(last.getProperty("durability"))
                && durability == Durability.POWER && partitions.stream().allMatch(each -> each.log().config()
                        .durability() == Durability.POWER);
        boolean known = VERSION.equals(last.getProperty("version"));
        return known && (CLOSED.equals(last.getProperty("state")) || sameBoot || forced)
                ? Survival.WHOLE
                : Survival.DOUBTFUL;
    }

    /** What can't be read says nothing, and whoever relied on it begins anew. */
    private Properties read() throws IOException {
        Properties last = new Properties();
        if (disk.exists(file)) {
            try {
                last.load(new StringReader(StandardCharsets.UTF_8.decode(disk.read(file)).toString()));
            } catch (IllegalArgumentException e) {
                last.clear();
            }
        }
        return last;
    }

    /** Before anybody writes, and after the opening has drawn its conclusions from the life before. */
    void begin() throws IOException {
        write("open");
        begun = true;
    }

    /** All is on the medium. Nothing happens when the opening failed: what it found then holds still. */
    void end() throws IOException {
        if (begun) {
            begun = false;
            write(CLOSED);
        }
    }

    private void write(String state) throws IOException {
        String text = "version=" + VERSION + "\nstate=" + state + "\nboot=" + disk.boot().map(UUID::toString).orElse("")
                + "\ndurability=" + nameOf(durability) + '\n';
        disk.replace(file, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String nameOf(Durability level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
