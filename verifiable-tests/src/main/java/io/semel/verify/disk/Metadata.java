package io.semel.verify.disk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The directory entries of a disk and the sizes of its files: as the kernel shows them, as the medium has them, and the
 * changes in between, in the order in which they were made.
 *
 * <p>Invariant: {@code medium + pending = shown}. Thread rule: one thread.
 */
final class Metadata {
    /** Stands for every directory: its entries are those that name it as their parent. */
    static final SimulatedFile DIRECTORY = new SimulatedFile();

    /** Stands for no change. */
    private static final Change NONE = new Unlinked(Path.of(""));

    private final MetadataOrder order;
    private final TreeMap<Path, SimulatedFile> shown = new TreeMap<>();
    private final TreeMap<Path, SimulatedFile> medium = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    Metadata(MetadataOrder order) {
        this.order = order;
    }

    /** A change that is not on the medium yet. Those of one subject, an entry or a file's size, reach it in order. */
    private sealed interface Change {
        List<Object> subjects();
    }

    /** An entry was made. */
    private record Linked(Path entry, SimulatedFile file) implements Change {
        @Override
        public List<Object> subjects() {
            return List.of(entry);
        }
    }

    /** Both entries at once: every file system makes that one step. */
    private record Renamed(Path from, Path to, SimulatedFile file) implements Change {
        @Override
        public List<Object> subjects() {
            return List.of(from, to);
        }
    }

    private record Unlinked(Path entry) implements Change {
        @Override
        public List<Object> subjects() {
            return List.of(entry);
        }
    }

    private record Resized(SimulatedFile file, int size) implements Change {
        @Override
        public List<Object> subjects() {
            return List.of(file);
        }
    }

    MetadataOrder order() {
        return order;
    }

    /** Absent when there is no such entry. */
    SimulatedFile at(Path entry) {
        return shown.get(entry);
    }

    boolean has(Path entry) {
        return shown.containsKey(entry);
    }

    boolean isDirectory(Path entry) {
        return shown.get(entry) == DIRECTORY;
    }

    List<Path> entriesOf(Path directory) {
        List<Path> found = new ArrayList<>();
        for (Path entry : shown.keySet()) {
            if (directory.equals(entry.getParent())) {
                found.add(entry);
            }
        }
        return found;
    }

    List<Path> entriesBelow(Path directory) {
        return shown.keySet().stream().filter(entry -> entry.startsWith(directory)).toList();
    }

    Iterable<Map.Entry<Path, SimulatedFile>> entries() {
        return shown.entrySet();
    }

    void link(Path entry, SimulatedFile file) {
        shown.put(entry, file);
        change(new Linked(entry, file));
    }

    /** What {@code to} named before has no name any more. */
    void rename(Path from, Path to) {
        SimulatedFile file = shown.remove(from);
        shown.put(to, file);
        change(new Renamed(from, to, file));
    }

    void unlink(Path entry) {
        shown.remove(entry);
        change(new Unlinked(entry));
    }

    void resize(SimulatedFile file, int size) {
        if (file.size() != size) {
            file.resize(size);
            change(new Resized(file, size));
        }
    }

    private void change(Change change) {
        pending.add(change);
        if (order == MetadataOrder.AT_ONCE) {
            commitAll();
        }
    }

    private void commitAll() {
        pending.forEach(this::commit);
        pending.clear();
    }

    private void commit(Change change) {
        if (change instanceof Linked linked) {
            medium.put(linked.entry(), linked.file());
        } else if (change instanceof Renamed renamed) {
            medium.remove(renamed.from());
            medium.put(renamed.to(), renamed.file());
        } else if (change instanceof Unlinked unlinked) {
            medium.remove(unlinked.entry());
        } else if (change instanceof Resized resized) {
            resized.file().setDurableSize(resized.size());
        }
    }

    private void commit(Predicate<Change> which) {
        if (order == MetadataOrder.JOURNALED) {
            commitAll();
            return;
        }
        pending.removeIf(change -> {
            boolean taken = which.test(change);
            if (taken) {
                commit(change);
            }
            return taken;
        });
    }

    void forceSizeOf(SimulatedFile file) {
        commit(change -> change instanceof Resized resized && resized.file() == file);
    }

    /** What a force of data alone must save: a size without which the forced bytes would be behind the file's end. */
    void forceSizeUpTo(SimulatedFile file, int end) {
        if (file.durableSize() < Math.min(end, file.size())) {
            forceSizeOf(file);
        }
    }

    void forceEntriesOf(Path directory) {
        commit(change -> change.subjects().get(0) instanceof Path entry && directory.equals(entry.getParent()));
    }

    /** Lets some of the changes reach the medium, as the order allows: at any time, or as a crash's last word. */
    void settleSome(SplittableRandom random) {
        if (order == MetadataOrder.JOURNALED) {
            List<Change> first = pending.subList(0, random.nextInt(pending.size() + 1));
            first.forEach(this::commit);
            first.clear();
            return;
        }
        // What was done last overtakes all that it relies on.
        Change overtaking = !pending.isEmpty() && random.nextInt(4) == 0 ? pending.get(pending.size() - 1) : NONE;
        int percent = overtaking == NONE ? random.nextInt(5) * 25 : 0;
        Set<Object> stopped = new HashSet<>();
        pending.removeIf(change -> {
            boolean taken = (change == overtaking || random.nextInt(100) < percent) && Collections.disjoint(stopped,
                    change.subjects());
            if (taken) {
                commit(change);
            } else {
                stopped.addAll(change.subjects());
            }
            return taken;
        });
    }

    /** What the medium holds; an entry whose directory did not reach it is out of reach. */
    Metadata ofMedium(UnaryOperator<SimulatedFile> survivors) {
        Metadata survivor = new Metadata(order);
        medium.forEach((entry, file) -> {
            Path parent = entry.getParent();
            if (parent == null || parent.equals(entry.getRoot()) || survivor.medium.containsKey(parent)) {
                SimulatedFile kept = file == DIRECTORY ? DIRECTORY : survivors.apply(file);
                survivor.medium.put(entry, kept);
                survivor.shown.put(entry, kept);
            }
        });
        return survivor;
    }

    Metadata copy() {
        Map<SimulatedFile, SimulatedFile> copies = new IdentityHashMap<>();
        copies.put(DIRECTORY, DIRECTORY);
        UnaryOperator<SimulatedFile> copyOf = file -> copies.computeIfAbsent(file, SimulatedFile::copy);
        Metadata copy = new Metadata(order);
        shown.forEach((entry, file) -> copy.shown.put(entry, copyOf.apply(file)));
        medium.forEach((entry, file) -> copy.medium.put(entry, copyOf.apply(file)));
        for (Change change : pending) {
            if (change instanceof Linked linked) {
                copy.pending.add(new Linked(linked.entry(), copyOf.apply(linked.file())));
            } else if (change instanceof Renamed renamed) {
                copy.pending.add(new Renamed(renamed.from(), renamed.to(), copyOf.apply(renamed.file())));
            } else if (change instanceof Resized resized) {
                copy.pending.add(new Resized(copyOf.apply(resized.file()), resized.size()));
            } else {
                copy.pending.add(change);
            }
        }
        return copy;
    }
}
