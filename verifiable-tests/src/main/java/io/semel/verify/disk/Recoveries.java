package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

import io.semel.log.CorruptLogException;
import io.semel.log.Log;

/** What recovering an image leaves, found out on copies of it: L3. Thread rule: one thread. */
final class Recoveries {
    /** The one file that may differ: its last epoch rises with every unclean end. */
    private static final String EPOCHS = "leader-epoch-checkpoint";
    /** Its version and the number of epochs. */
    private static final int HEADER_LINES = 2;
    private static final Set<String> FORCED_CHECKPOINTS = Set.of("checkpoint-a", "checkpoint-b");
    private static final int SEQUENCE_NUMBER_POSITION = 8;
    private static final int START_POSITION = 16;
    private static final int OFFSET_POSITION = 24;
    private static final int SEGMENT_POSITION = OFFSET_POSITION + Long.BYTES;
    private static final int SNAPSHOT_LENGTH_POSITION = 84;
    /** Where a checkpoint names the epoch: it rises with the file above. */
    private static final int CHECKPOINT_EPOCH_POSITION = 44;

    /**
     * @param calls       storage calls of the recovery alone
     * @param startOffset where the log was found to begin
     */
    record Recovered(int batches, long hash, boolean isPartial, long calls, long startOffset,
            Map<Path, byte[]> files) {
    }

    private static final long NO_SEGMENT = -1;
    private static final int BASE_OFFSET_DIGITS = 20;
    private static final byte[] ABSENT = new byte[0];

    /** Whether the epoch is the same in both. */
    private enum Epochs {
        SAME, RISEN
    }

    private Recoveries() {
    }

    /** Recovers and closes. The disk is changed, the model is not. */
    private static Recovered once(SimulatedDisk disk, Path directory, LogModel model) throws IOException {
        ModelFold fold = new ModelFold(model);
        long before = disk.calls();
        Log log = OpenLog.recover(disk, directory, fold);
        long calls = disk.calls() - before;
        fold.requireNoMismatch();
        if (model.compacts()) {
            Survivors.check(log, model, fold.count(), 0);
        }
        long startOffset = log.startOffset();
        log.close();
        return new Recovered(fold.count(), fold.hash(), fold.isPartial(), calls, startOffset, disk.contentOf(
                directory));
    }

    /** How many batches a recovery finds, each of them right. The disk is changed, the model is not. */
    static int batchesFoundIn(SimulatedDisk disk, Path directory, LogModel model) throws IOException {
        return once(disk, directory, model).batches();
    }

    /** Recovers once, twice, and once after a kill behind the first; throws unless all of them leave the same. */
    static Recovered compare(SimulatedDisk image, Path directory, LogModel model, SideFileDamage damage)
            throws IOException {
        SimulatedDisk disk = image.copy();
        Recovered once = once(disk, directory, model);
        SimulatedDisk damaged = disk.copy();
        String what = damage.inflict(damaged, directory);
        requireSameFold("recovered with " + what, once, onceIfWhole(damaged, directory, model, once));
        Recovered twice = once(disk, directory, model);
        requireSame("opened again after a clean close", once, twice, Epochs.SAME, model.startCeiling());
        SimulatedDisk killed = image.copy();
        OpenLog.recover(killed, directory, new ModelFold(model));
        Recovered again = once(killed.crash(CrashMode.PROCESS), directory, model);
        requireSame("recovered, killed and recovered", once, again, Epochs.RISEN, model.startCeiling());
        compareWithoutCheckpoints(image, directory, model, once);
        return once;
    }

    /** L4: either checkpoint may be lost, and as long as nothing was deleted both. */
    private static void compareWithoutCheckpoints(SimulatedDisk image, Path directory, LogModel model, Recovered once)
            throws IOException {
        SimulatedDisk neither = image.copy();
        for (String name : List.of("checkpoint-a", "checkpoint-b")) {
            SimulatedDisk other = image.copy();
            other.delete(directory.resolve(name));
            neither.delete(directory.resolve(name));
            requireSameFold("recovered without " + name, once, onceIfWhole(other, directory, model, once));
        }
        if (model.startCeiling() == 0) {
            requireSameFold("recovered without checkpoints", once, once(neither, directory, model));
        }
    }

    /**
     * As {@link #once}. Where segments below the start were being deleted when the power failed, some of them may be
     * gone and older ones not. With both checkpoints that is known for what it is; with one, which can't tell what the
     * other summed up, it is taken for damage, and refused by name: two failures at once, and nothing is shown that is
     * wrong.
     */
    private static Recovered onceIfWhole(SimulatedDisk disk, Path directory, LogModel model, Recovered whole)
            throws IOException {
        try {
            return once(disk, directory, model);
        } catch (CorruptLogException e) {
            OpenLog.require(model.startCeiling() > 0 && e.getMessage().contains("should end with offset"), "L4", e
                    .getMessage());
            return whole;
        }
    }

    private static void requireSameFold(String how, Recovered once, Recovered again) {
        // What compaction left sums up to something else; it was looked at record by record.
        boolean isSame = once.hash() == again.hash() || again.isPartial();
        OpenLog.require(once.batches() == again.batches() && isSame, "L4", how + ": "
                + again.batches() + " batches, and recovered with them " + once.batches());
    }

    private static void requireSame(String how, Recovered once, Recovered again, Epochs epochs,
            long startOffset) {
        // The first one had its state from the checkpoint that is not forced, which goes with the next force; both
        // forced ones were lost. Then what compaction left is all there is.
        boolean hasLostAllSums = epochs == Epochs.RISEN && again.isPartial() && !once.isPartial();
        OpenLog.require(once.batches() == again.batches() && (once.hash() == again.hash() || hasLostAllSums), "L3", how
                + ": " + again.batches() + " batches, and recovered once " + once.batches());
        OpenLog.require(once.startOffset() == again.startOffset(), "L3", how + ": the log begins at " + again
                .startOffset() + ", and recovered once at " + once.startOffset());
        Set<Path> paths = new TreeSet<>(once.files().keySet());
        paths.addAll(again.files().keySet());
        for (Path path : paths) {
            byte[] one = once.files().getOrDefault(path, ABSENT);
            byte[] other = again.files().getOrDefault(path, ABSENT);
            if (epochs == Epochs.RISEN && FORCED_CHECKPOINTS.contains(path.getFileName().toString())) {
                continue;
            }
            boolean mayBeGone = other == ABSENT && isWhollyBelow(startOffset, path, once.files());
            OpenLog.require(mayBeGone || isSame(path.getFileName().toString(), one, other, epochs, startOffset), "L3",
                    how + ": "
                            + path + " has " + other.length + " bytes, and recovered once other " + one.length);
        }
        OpenLog.require(epochs == Epochs.SAME || hasLostAllSums || isSameCheckpoint(newestOf(once), newestOf(again),
                again.startOffset()), "L3", how
                        + ": the newest checkpoint says something else");
    }

    /** The kill made an end unclean that was clean, so that closing had one more to take, of the new epoch. */
    private static byte[] newestOf(Recovered recovered) {
        byte[] newest = ABSENT;
        for (Map.Entry<Path, byte[]> file : recovered.files().entrySet()) {
            boolean isOne = FORCED_CHECKPOINTS.contains(file.getKey().getFileName().toString());
            if (isOne && (newest == ABSENT || sequenceNumber(file.getValue()) > sequenceNumber(newest))) {
                newest = file.getValue();
            }
        }
        return newest;
    }

    private static long sequenceNumber(byte[] checkpoint) {
        return ByteBuffer.wrap(checkpoint).getLong(SEQUENCE_NUMBER_POSITION);
    }

    private static boolean isSameCheckpoint(byte[] one, byte[] other, long startOffset) {
        if (one == ABSENT) {
            // Of a log that never held anything the first close has nothing to say.
            return other == ABSENT || ByteBuffer.wrap(other).getLong(OFFSET_POSITION) == 0;
        }
        return one.length == other.length && Arrays.equals(withNumbersOf(other, one, startOffset), other)
                || isOfTheNextSegment(one, other);
    }

    /**
     * Where the last segment was full, the recovery before the kill had begun the next one, which is empty and shows
     * that nobody closed the log: so the later checkpoint stands at its beginning, and sums up the same.
     */
    private static boolean isOfTheNextSegment(byte[] one, byte[] other) {
        ByteBuffer before = ByteBuffer.wrap(one);
        ByteBuffer after = ByteBuffer.wrap(other);
        if (other == ABSENT) {
            return false;
        }
        long offset = after.getLong(OFFSET_POSITION);
        return offset == before.getLong(OFFSET_POSITION) && offset == after.getLong(SEGMENT_POSITION)
                && after.getInt(CHECKPOINT_EPOCH_POSITION) - before.getInt(CHECKPOINT_EPOCH_POSITION) == 1
                && snapshotOf(before).equals(snapshotOf(after));
    }

    private static ByteBuffer snapshotOf(ByteBuffer checkpoint) {
        int length = Math.max(0, checkpoint.getInt(SNAPSHOT_LENGTH_POSITION));
        return checkpoint.slice(checkpoint.capacity() - Integer.BYTES - length, length);
    }

    /**
     * Of a segment that ends where the log begins, or before. Recovery keeps such a one until both checkpoints sum it
     * up; the checkpoint that the close in between took may be the second, and then the next opening deletes it.
     */
    private static boolean isWhollyBelow(long startOffset, Path path, Map<Path, byte[]> files) {
        long base = baseOffsetOf(path);
        long next = Long.MAX_VALUE;
        for (Path each : files.keySet()) {
            long other = baseOffsetOf(each);
            next = other > base ? Math.min(next, other) : next;
        }
        return base != NO_SEGMENT && next <= startOffset;
    }

    private static long baseOffsetOf(Path path) {
        String name = path.getFileName().toString();
        // A compacted one is named by more than where it begins.
        return Character.isDigit(name.charAt(0)) ? Long.parseLong(name.substring(0, BASE_OFFSET_DIGITS)) : NO_SEGMENT;
    }

    private static boolean isSame(String name, byte[] one, byte[] other, Epochs epochs, long startOffset) {
        if (epochs == Epochs.RISEN && name.endsWith(".tmp")) {
            // A kill left it, now or before, and whoever writes that file again takes it along; nobody reads it.
            return true;
        }
        if (one == ABSENT || other == ABSENT) {
            return false;
        }
        if (epochs == Epochs.RISEN && name.equals(EPOCHS)) {
            return isSameButForTheLast(epochsFrom(startOffset, one), epochsFrom(startOffset, other));
        }
        return Arrays.equals(one, other);
    }

    /**
     * The lines of the epochs since the log's start. Those that ended before are forgotten with the next checkpoint
     * that is taken, and a log that was killed takes one that a clean one does not need.
     */
    private static List<String> epochsFrom(long startOffset, byte[] file) {
        List<String> epochs = new ArrayList<>(new String(file, StandardCharsets.ISO_8859_1).lines().skip(HEADER_LINES)
                .filter(line -> line.indexOf(' ') > 0).toList());
        while (epochs.size() > 1 && offsetOf(epochs.get(1)) <= startOffset) {
            epochs.remove(0);
        }
        if (!epochs.isEmpty() && offsetOf(epochs.get(0)) < startOffset) {
            epochs.set(0, epochOf(epochs.get(0)) + " " + startOffset);
        }
        return epochs;
    }

    private static int epochOf(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(' ')));
    }

    private static long offsetOf(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }

    /**
     * A log that was opened and killed ended uncleanly, so its epoch rose by one: in the place of the one that the
     * first recovery began at the same end, or behind it where that found a clean one.
     */
    private static boolean isSameButForTheLast(List<String> one, List<String> other) {
        int last = other.size() - 1;
        boolean begins = other.size() == one.size() + 1;
        if (one.isEmpty() || !begins && other.size() != one.size() || !one.subList(0, last).equals(other.subList(0,
                last))) {
            return false;
        }
        String before = one.get(one.size() - 1);
        String after = other.get(last);
        int rise = epochOf(after) - epochOf(before);
        boolean isThere = offsetOf(after) == offsetOf(before) != begins;
        return isThere && (rise == 1 || rise == 0 && !begins);
    }

    /**
     * A checkpoint with the number of the other, its epoch if that is the same or the next, its start if that is no
     * less and no more than where the log begins, and the checksum to it.
     */
    private static byte[] withNumbersOf(byte[] other, byte[] one, long startOffset) {
        ByteBuffer changed = ByteBuffer.wrap(one.clone());
        int epoch = ByteBuffer.wrap(other).getInt(CHECKPOINT_EPOCH_POSITION);
        if (epoch - changed.getInt(CHECKPOINT_EPOCH_POSITION) == 1) {
            changed.putInt(CHECKPOINT_EPOCH_POSITION, epoch);
        }
        // The head that this one still had is dropped once both checkpoints sum it up.
        long start = ByteBuffer.wrap(other).getLong(START_POSITION);
        if (start > changed.getLong(START_POSITION) && start <= startOffset) {
            changed.putLong(START_POSITION, start);
        }
        // It only tells the newer one, and begins anew where an unforced one was dropped.
        changed.putLong(SEQUENCE_NUMBER_POSITION, sequenceNumber(other));
        CRC32C crc = new CRC32C();
        crc.update(changed.array(), 0, one.length - Integer.BYTES);
        changed.putInt(one.length - Integer.BYTES, (int) crc.getValue());
        return changed.array();
    }
}
