package io.semel.verify.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import io.semel.log.memory.DirectoryInUseException;
import io.semel.log.memory.DirectoryLock;
import io.semel.log.memory.Disk;
import io.semel.log.memory.DiskFile;

/**
 * A disk in memory that forgets as real ones do. Files are pages of 4 KiB, each with an image in the cache and one on
 * the medium; sizes and directory entries reach the medium apart from them. A force moves what it covers; the rest
 * moves at any time, or never, as the seed has it.
 *
 * <p>Any storage call can be made the last one, or made to fail; forces can fail and forget, or lie; the disk can be
 * full. {@link #crash} gives the disk that the next start finds, and ends this one. Same seed and same calls: same
 * bytes.
 *
 * <p>Thread rule: one thread.
 */
public final class SimulatedDisk implements Disk {
    /** Of this many calls one is followed by the kernel writing back some of what is dirty. */
    private static final int CALLS_PER_WRITE_BACK = 8;
    /** Makes the ids of its boots differ from those of forced checkpoints. */
    private static final long BOOTS = 0x626F6F74L;

    private final SplittableRandom random;
    private final Metadata metadata;
    private final StorageCalls calls = new StorageCalls();
    private final Set<Path> locked = new HashSet<>();
    private long capacityBytes = Long.MAX_VALUE;
    private boolean forgot;
    /** Counts power losses. */
    private long boot;
    private boolean reusesBlocks;
    private Consumer<Path> entries = path -> {
    };
    /**
     * What stands in the blocks of the file that was deleted last, and which of its pages had one; as if there were
     * many of it.
     */
    private byte[] left = new byte[0];
    private BitSet freed = new BitSet();

    private SimulatedDisk(SplittableRandom random, Metadata metadata) {
        this.random = random;
        this.metadata = metadata;
    }

    /** An empty disk. */
    public static SimulatedDisk create(long seed, MetadataOrder order) {
        return new SimulatedDisk(new SplittableRandom(seed), new Metadata(order));
    }

    /**
     * From now on a new block of a file shows, after a power loss, what stood at the same place of one that was
     * deleted, or that the power loss before took, unless it was written over by then: as ext4 does that is mounted
     * with {@code data=writeback}.
     */
    public void reuseBlocks() {
        reusesBlocks = true;
    }

    /** From now on this one hears of every entry right after it was deleted, or got its file by a rename. */
    void tellOfEntries(Consumer<Path> watcher) {
        entries = watcher;
    }

    /** From now on the blocks of all files together have at most so many bytes. */
    public void limitTo(long bytes) {
        capacityBytes = bytes;
    }

    /** The call with this number, as {@link #calls()} counts, is not done any more: it throws CrashedException. */
    public void crashAtCall(long call) {
        calls.crashAt(call);
    }

    /** The call with this number fails, and those after it up to {@code count}. */
    public void failCalls(long first, long count) {
        calls.fail(first, count);
    }

    /**
     * The force with this number, as {@link #forces()} counts, ends like this, and those after it up to {@code count}.
     */
    public void endForces(long first, long count, ForceOutcome outcome) {
        calls.endForces(first, count, outcome);
    }

    /** Nothing is made to fail any more, and there is room. What was forgotten stays forgotten. */
    public void heal() {
        calls.heal();
        capacityBytes = Long.MAX_VALUE;
    }

    /** Storage calls so far; each step of {@link #replace} is one. */
    public long calls() {
        return calls.count();
    }

    public long forces() {
        return calls.forces();
    }

    /** Calls that were made to fail. */
    public long failures() {
        return calls.failures();
    }

    /** Whether pages count as clean that never reached the medium: what is forced from now on may not be durable. */
    public boolean hasForgotten() {
        return forgot;
    }

    /** What the next start finds. This disk refuses every call afterwards. */
    public SimulatedDisk crash(CrashMode mode) {
        calls.end();
        SplittableRandom next = random.split();
        SimulatedDisk found = switch (mode) {
            case PROCESS -> new SimulatedDisk(next, metadata.copy());
            case POWER -> new SimulatedDisk(next, afterPowerLoss());
        };
        found.forgot = mode == CrashMode.PROCESS && forgot;
        found.boot = mode == CrashMode.PROCESS ? boot : boot + 1;
        found.inheritFreed(this);
        if (mode == CrashMode.POWER) {
            found.freeWhatIsGone(this);
        }
        return found;
    }

    /** A file that has no entry any more has no blocks either. */
    private void freeWhatIsGone(SimulatedDisk before) {
        for (Map.Entry<Path, SimulatedFile> entry : before.metadata.entries()) {
            if (!metadata.has(entry.getKey())) {
                free(entry.getValue());
            }
        }
    }

    private Metadata afterPowerLoss() {
        metadata.settleSome(random);
        PagePicks picks = new PagePicks(random);
        Map<SimulatedFile, SimulatedFile> survivors = new IdentityHashMap<>();
        return metadata.ofMedium(file -> survivors.computeIfAbsent(file, each -> each.afterPowerLoss(picks)));
    }

    /**
     * A second disk in exactly this state, whole and without faults to come: to look at a future that then did not
     * come.
     */
    public SimulatedDisk copy() {
        return copy(0);
    }

    /** As {@link #copy()}, with chances of its own. */
    SimulatedDisk copy(long seed) {
        SimulatedDisk copy = new SimulatedDisk(new SplittableRandom(seed), metadata.copy());
        copy.forgot = forgot;
        copy.boot = boot;
        copy.inheritFreed(this);
        return copy;
    }

    private void inheritFreed(SimulatedDisk before) {
        reusesBlocks = before.reusesBlocks;
        left = before.left;
        freed = before.freed;
    }

    /** The kernel writes some of what is dirty. */
    public void writeBackSome() {
        metadata.settleSome(random);
        for (Map.Entry<Path, SimulatedFile> entry : metadata.entries()) {
            entry.getValue().writeBackSome(random);
        }
    }

    /** The files below {@code directory} as the kernel shows them. */
    public Map<Path, byte[]> contentOf(Path directory) {
        Map<Path, byte[]> content = new TreeMap<>();
        for (Path entry : metadata.entriesBelow(directory)) {
            if (!metadata.isDirectory(entry)) {
                content.put(entry, metadata.at(entry).bytes());
            }
        }
        return content;
    }

    /** A page that was stored to through a mapping although it has no block, in words; empty when there is none. */
    public String strayStore() {
        for (Map.Entry<Path, SimulatedFile> entry : metadata.entries()) {
            int page = entry.getValue().strayPage();
            if (page >= 0) {
                return "page " + page + " of " + entry.getKey() + " was stored to and has no block";
            }
        }
        return "";
    }

    /** Mappings of files that still have an entry. */
    public int mappings() {
        int count = 0;
        for (Map.Entry<Path, SimulatedFile> entry : metadata.entries()) {
            count += entry.getValue().mappings();
        }
        return count;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        enter("open", path);
        if (!metadata.has(path)) {
            requireParentOf(path);
            metadata.link(path, new SimulatedFile());
        }
        return new OpenFile(this, path, fileAt(path));
    }

    private void requireParentOf(Path path) throws IOException {
        if (!metadata.isDirectory(path.getParent())) {
            throw new NoSuchFileException(path.toString(), path.getParent().toString(), "there is no such directory");
        }
    }

    private SimulatedFile fileAt(Path path) throws IOException {
        if (!metadata.has(path) || metadata.isDirectory(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return metadata.at(path);
    }

    @Override
    public boolean exists(Path path) {
        calls.live("exists");
        return metadata.has(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        enter("list", directory);
        return metadata.entriesOf(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        enter("createDirectories", directory);
        for (int names = 1; names <= directory.getNameCount(); names++) {
            Path each = directory.getRoot().resolve(directory.subpath(0, names));
            if (!metadata.has(each)) {
                metadata.link(each, Metadata.DIRECTORY);
            }
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        enter("delete", path);
        List<Path> tree = metadata.entriesBelow(path);
        for (int index = tree.size() - 1; index >= 0; index--) {
            free(metadata.at(tree.get(index)));
            metadata.unlink(tree.get(index));
            entries.accept(tree.get(index));
        }
    }

    private void free(SimulatedFile file) {
        if (reusesBlocks && file.hasBlock(0)) {
            left = file.leftBehind();
            freed = file.blocks();
        }
    }

    @Override
    public ByteBuffer read(Path path) throws IOException {
        enter("read", path);
        return ByteBuffer.wrap(fileAt(path).bytes());
    }

    /** In the steps in which a real disk does it: another file, written and forced; a rename; the directory forced. */
    @Override
    public void replace(Path path, ByteBuffer content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        try (DiskFile opened = open(fresh)) {
            opened.truncate(0);
            opened.write(content, 0);
            opened.force();
        }
        rename(fresh, path);
        forceDirectory(path.getParent());
    }

    @Override
    public void replaceUnforced(Path path, ByteBuffer content) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        try (DiskFile opened = open(fresh)) {
            opened.truncate(0);
            opened.write(content, 0);
        }
        delete(path);
        rename(fresh, path);
    }

    @Override
    public Optional<UUID> boot() {
        return Optional.of(new UUID(BOOTS, boot));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        enter("rename", to);
        fileAt(from);
        metadata.rename(from, to);
        entries.accept(to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        switch (calls.enterForce("forceDirectory", directory)) {
            case DONE -> metadata.forceEntriesOf(directory);
            case FAILS, FAILS_AND_FORGETS -> throw calls.failedForce(directory);
            case LIES -> {
                // Did nothing.
            }
        }
    }

    @Override
    public long usableBytes(Path directory) {
        calls.live("usableBytes");
        return capacityBytes == Long.MAX_VALUE ? capacityBytes : Math.max(0, capacityBytes - usedBytes());
    }

    private long usedBytes() {
        Set<SimulatedFile> counted = new HashSet<>();
        long pages = 0;
        for (Map.Entry<Path, SimulatedFile> entry : metadata.entries()) {
            pages += counted.add(entry.getValue()) ? entry.getValue().blockCount() : 0;
        }
        return pages * SimulatedFile.PAGE_BYTES;
    }

    @Override
    public DirectoryLock lock(Path directory) throws IOException {
        enter("lock", directory);
        if (!locked.add(directory)) {
            throw new DirectoryInUseException(directory, "this process already");
        }
        return () -> locked.remove(directory);
    }

    Metadata metadata() {
        return metadata;
    }

    void enter(String what, Path path) throws IOException {
        calls.live(what);
        if (random.nextInt(CALLS_PER_WRITE_BACK) == 0) {
            writeBackSome();
        }
        calls.enter(what, path);
    }

    void write(Path path, SimulatedFile file, ByteBuffer source, int position) throws IOException {
        write(path, file, position, source.remaining(), count -> file.write(source, count, position));
    }

    void writeZeros(Path path, SimulatedFile file, int position, int length) throws IOException {
        write(path, file, position, length, count -> file.writeZeros(position, count));
    }

    /** A write that fails, or in which the process dies, has reached some way; so has one that found the disk full. */
    private void write(Path path, SimulatedFile file, int position, int length, IntConsumer bytes) throws IOException {
        calls.live("write");
        try {
            enter("write", path);
        } catch (IOException | CrashedException e) {
            put(path, file, position, random.nextInt(length + 1), bytes);
            throw e;
        }
        if (put(path, file, position, length, bytes) < length) {
            throw calls.full(path);
        }
    }

    private int put(Path path, SimulatedFile file, int position, int length, IntConsumer bytes) {
        int granted = allocate(file, position, length);
        if (granted > 0) {
            metadata.resize(file, Math.max(file.size(), position + granted));
            bytes.accept(granted);
        }
        return granted;
    }

    /** Gives blocks to the pages from {@code position} on; returns the bytes that have one. */
    private int allocate(SimulatedFile file, int position, int length) {
        long free = usableBytes(Path.of("/")) / SimulatedFile.PAGE_BYTES;
        int end = SimulatedFile.pagesOf(position + length);
        for (int page = position / SimulatedFile.PAGE_BYTES; page < end; page++) {
            if (!file.hasBlock(page)) {
                if (free <= 0) {
                    return Math.max(0, page * SimulatedFile.PAGE_BYTES - position);
                }
                allocateOne(file, page);
                free--;
            }
        }
        return length;
    }

    private void allocateOne(SimulatedFile file, int page) {
        if (reusesBlocks && freed.get(page)) {
            file.allocate(page, left);
        } else {
            file.allocate(page);
        }
    }

    void force(Path path, SimulatedFile file) throws IOException {
        force(path, file, "force", () -> {
            file.forceAll();
            metadata.forceSizeOf(file);
        });
    }

    void forceData(Path path, SimulatedFile file, int from, int length) throws IOException {
        force(path, file, "forceData", () -> {
            file.force(from, from + length);
            metadata.forceSizeUpTo(file, from + length);
        });
    }

    private void force(Path path, SimulatedFile file, String what, Runnable done) throws IOException {
        calls.live(what);
        switch (calls.enterForce(what, path)) {
            case DONE -> done.run();
            case FAILS -> {
                file.writeBackSome(random);
                throw calls.failedForce(path);
            }
            case FAILS_AND_FORGETS -> {
                file.writeBackSome(random);
                file.forget();
                forgot = true;
                throw calls.failedForce(path);
            }
            case LIES -> {
                // Did nothing.
            }
        }
    }
}
