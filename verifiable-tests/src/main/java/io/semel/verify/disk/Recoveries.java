package io.semel.verify.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.semel.log.Log;

/** What recovering an image leaves, found out on copies of it: L3. Thread rule: one thread. */
final class Recoveries {
    /** The one file that may differ, with what a crash left of a new one: its epoch rises with every unclean end. */
    private static final String EPOCHS = "leader-epoch-checkpoint";
    private static final String CHECKPOINTS = "checkpoint-";
    /** Where a checkpoint names the epoch, and its checksum at the end: they rise with the file above. */
    private static final int CHECKPOINT_EPOCH_POSITION = 44;

    /** @param calls storage calls of the recovery alone */
    record Recovered(int batches, long hash, long calls, Map<Path, byte[]> files) {
    }

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
        log.close();
        fold.requireNoMismatch();
        return new Recovered(fold.count(), fold.hash(), calls, disk.contentOf(directory));
    }

    /** Recovers once, twice, and once after a kill behind the first; throws unless all of them leave the same. */
    static Recovered compare(SimulatedDisk image, Path directory, LogModel model) throws IOException {
        SimulatedDisk disk = image.copy();
        Recovered once = once(disk, directory, model);
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
            requireSameFold("recovered without " + name, once, once(other, directory, model));
        }
        if (model.startCeiling() == 0) {
            requireSameFold("recovered without checkpoints", once, once(neither, directory, model));
        }
    }

    private static void requireSameFold(String how, Recovered once, Recovered again) {
        OpenLog.require(once.batches() == again.batches() && once.hash() == again.hash(), "L4", how + ": "
                + again.batches() + " batches, and recovered with them " + once.batches());
    }

    private static void requireSame(String how, Recovered once, Recovered again, Epochs epochs,
            long startOffset) {
        OpenLog.require(once.batches() == again.batches() && once.hash() == again.hash(), "L3", how + ": "
                + again.batches() + " batches, and recovered once " + once.batches());
        Set<Path> paths = new TreeSet<>(once.files().keySet());
        paths.addAll(again.files().keySet());
        for (Path path : paths) {
            byte[] one = once.files().getOrDefault(path, ABSENT);
            byte[] other = again.files().getOrDefault(path, ABSENT);
            boolean mayBeGone = other == ABSENT && isBelow(startOffset, path);
            OpenLog.require(mayBeGone || isSame(path.getFileName().toString(), one, other, epochs), "L3", how + ": "
                    + path + " has "
                    + other.length + " bytes, and recovered once other " + one.length);
        }
    }

    /** Of a segment that is deleted as soon as both checkpoints cover it: the close in between may have done that. */
    private static boolean isBelow(long startOffset, Path path) {
        String name = path.getFileName().toString();
        return Character.isDigit(name.charAt(0)) && Long.parseLong(name.substring(0, name.indexOf('.'))) < startOffset;
    }

    private static boolean isSame(String name, byte[] one, byte[] other, Epochs epochs) {
        if (epochs == Epochs.RISEN && name.startsWith(EPOCHS)) {
            return true;
        }
        if (one == ABSENT || other == ABSENT) {
            return false;
        }
        boolean isNamed = epochs == Epochs.RISEN && name.startsWith(CHECKPOINTS);
        return Arrays.equals(isNamed ? withoutEpoch(one) : one, isNamed ? withoutEpoch(other) : other);
    }

    private static byte[] withoutEpoch(byte[] checkpoint) {
        byte[] rest = Arrays.copyOf(checkpoint, Math.max(0, checkpoint.length - Integer.BYTES));
        int end = Math.min(rest.length, CHECKPOINT_EPOCH_POSITION + Integer.BYTES);
        Arrays.fill(rest, Math.min(CHECKPOINT_EPOCH_POSITION, end), end, (byte) 0);
        return rest;
    }
}
