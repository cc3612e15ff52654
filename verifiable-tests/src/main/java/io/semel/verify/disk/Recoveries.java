package io.semel.verify.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.semel.log.Log;

/** What recovering an image leaves, found out on copies of it: L3. Thread rule: one thread. */
final class Recoveries {
    /** The one file that may differ, with what a crash left of a new one: its epoch rises with every unclean end. */
    private static final String EPOCHS = "leader-epoch-checkpoint";
    private static final String NOTHING = " ";

    /** @param calls storage calls of the recovery alone */
    record Recovered(int batches, long hash, long calls, Map<Path, byte[]> files) {
    }

    private static final byte[] ABSENT = new byte[0];

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
        requireSame("opened again after a clean close", once, twice, NOTHING);
        SimulatedDisk killed = image.copy();
        OpenLog.recover(killed, directory, new ModelFold(model));
        Recovered again = once(killed.crash(CrashMode.PROCESS), directory, model);
        requireSame("recovered, killed and recovered", once, again, EPOCHS);
        return once;
    }

    private static void requireSame(String how, Recovered once, Recovered again, String except) {
        OpenLog.require(once.batches() == again.batches() && once.hash() == again.hash(), "L3", how + ": "
                + again.batches() + " batches, and recovered once " + once.batches());
        Set<Path> paths = new TreeSet<>(once.files().keySet());
        paths.addAll(again.files().keySet());
        for (Path path : paths) {
            byte[] one = once.files().getOrDefault(path, ABSENT);
            byte[] other = again.files().getOrDefault(path, ABSENT);
            boolean same = path.getFileName().toString().startsWith(except) || Arrays.equals(one, other)
                    && one != ABSENT
                    && other != ABSENT;
            OpenLog.require(same, "L3", how + ": " + path + " has " + other.length + " bytes, and recovered once other "
                    + one.length);
        }
    }
}
