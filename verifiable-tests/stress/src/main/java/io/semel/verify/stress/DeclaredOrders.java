package io.semel.verify.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The memory orders of the log's lock-free part, access by access, each with the reason; held against the compiled
 * classes.
 *
 * <p>This holds a declaration and proves nothing about it: whoever weakens an order is caught and must change the
 * table, and with it the reason. It stands in for a race where no race can show the weaker order: on x86 a
 * compare-and-set is a full fence whatever its mode says.
 *
 * <p>In the classes of the table each method's accesses are as declared, and no method that is not declared publishes.
 * Thread rule: immutable.
 */
public record DeclaredOrders(String type, String method, List<String> accesses, String because) {
    private static final String LOG = "io.semel.log.";

    public static final List<DeclaredOrders> ALL = List.of(
            declared("PaddedLong", "getAcquire", "pairs with setRelease: all that was stored before is seen",
                    "VarHandle.getAcquire"),
            declared("PaddedLong", "setRelease", "all that was stored before is seen by who acquires the value",
                    "VarHandle.setRelease"),
            declared("PaddedLong", "setVolatile", "the caller reads next, and that read must not pass this store",
                    "VarHandle.setVolatile"),
            declared("PaddedLong", "compareAndSet",
                    "whoever takes a baton sees its last holder's work, before and after",
                    "VarHandle.compareAndSet"),

            declared("PublicationMarks", "prepare", "one ring, whoever is first",
                    "read marks", "VarHandle.compareAndSet"),
            declared("PublicationMarks", "isPrepared", "as new as what the caller saw before",
                    "read marks"),
            declared("PublicationMarks", "publishVolatile",
                    "the batch is seen with its mark, and the baton is read after the mark is out",
                    "read marks", "VarHandle.setVolatile"),
            declared("PublicationMarks", "endAtAcquire", "pairs with publishVolatile: the batch is there",
                    "read marks", "VarHandle.getAcquire"),
            declared("PublicationMarks", "endAtVolatile", "not read before the baton's release is out",
                    "read marks", "VarHandle.getVolatile"),

            declared("Frontier", "position", "who sees the frontier sees the batch and what the fold made of it",
                    "PaddedLong.getAcquire"),
            declared("Frontier", "offset", "as position",
                    "PaddedLong.getAcquire"),
            declared("Frontier", "admits", "a mark is overwritten only after it was consumed",
                    "PaddedLong.getAcquire"),
            declared("Frontier", "apply", "the fold first, then position, then offset",
                    "PaddedLong.getPlain", "PaddedLong.setRelease", "PaddedLong.setRelease"),
            declared("Frontier", "advanceHeld", "the marks are read after the baton is free: nobody is left behind",
                    "PaddedLong.getPlain", "PaddedLong.setVolatile"),
            declared("Frontier", "tryHold", "one holder, who sees what the last one did",
                    "PaddedLong.compareAndSet"),
            declared("Frontier", "letGo", "as advanceHeld",
                    "PaddedLong.setVolatile"),

            declared("IndexWords", "withRoomFor", "the larger array is seen with what was copied to it",
                    "read words", "read prepared", "write prepared", "write words"),
            declared("IndexWords", "prepare", "whoever takes the array sees it whole",
                    "read words", "read prepared", "write prepared"),
            declared("IndexWords", "current", "as new as the count that the caller read before",
                    "read words"),
            declared("OffsetIndex", "add", "array, entry, count: who sees the count sees the entry",
                    "read count", "IndexWords.withRoomFor", "write count"),
            declared("OffsetIndex", "floorEntry", "the count first, so that the array is as new",
                    "read count", "IndexWords.current"),
            declared("OffsetIndex", "encode", "as floorEntry",
                    "read count", "IndexWords.current"),
            declared("OffsetIndex", "prepare", "room, no entry",
                    "IndexWords.prepare"),
            declared("TimeIndex", "prepare", "as in OffsetIndex",
                    "IndexWords.prepare"),
            declared("TimeIndex", "add", "as in OffsetIndex",
                    "read count", "IndexWords.withRoomFor", "write count"),
            declared("TimeIndex", "lastBelow", "as OffsetIndex.floorEntry",
                    "read count", "IndexWords.current"),
            declared("TimeIndex", "encode", "as lastBelow",
                    "read count", "IndexWords.current"),

            declared("TailWaiters", "add", "once on the list; the caller's look at the frontier comes after the push",
                    "AtomicBoolean.compareAndSet", "AtomicReference.get", "AtomicReference.compareAndSet",
                    "VarHandle.fullFence"),
            declared("TailWaiters", "wakeAll", "looked at after the frontier is out; the whole list to one",
                    "AtomicReference.get", "AtomicReference.getAndSet", "AtomicBoolean.set"),

            declared("Segment", "claimsAcquire", "the claim is made of what was there",
                    "PaddedLong.getAcquire"),
            declared("Segment", "compareAndSetClaims", "bytes and offsets in one step",
                    "PaddedLong.compareAndSet"),
            declared("Segment", "seal", "no claim after it, and the end is that of the last one",
                    "PaddedLong.getAcquire", "PaddedLong.compareAndSet", "PaddedLong.getAcquire", "write endPosition"),
            declared("Segment", "allocatedAcquire", "pairs with extend: the blocks are there",
                    "VarHandle.getAcquire"),
            declared("Segment", "extend", "blocks first, then the bound up to which they may be touched",
                    "read allocated", "VarHandle.setRelease"),
            declared("Segment", "endPosition", "who has seen a batch of the next segment sees this one's end",
                    "read endPosition"),
            declared("SegmentFile", "finish", "cut, forced and indexed before anybody takes it for finished",
                    "write finished"),
            declared("SegmentFile", "isFinished", "who sees it finished sees it on the medium, with its index",
                    "read finished"),
            declared("SegmentFile", "forceData", "once finished there is nothing to force",
                    "read finished"),
            declared("SegmentFile", "forceUnlessFinished", "finishing closes the file, under the same lock",
                    "read finished"),

            declared("memory.Region", "tryLease", "never from zero; the bytes are read after the lease",
                    "read leases", "VarHandle.compareAndExchange"),
            declared("memory.Region", "release", "reads end before it, unmapping begins after it",
                    "VarHandle.getAndAdd", "write released"),
            declared("memory.Region", "isReleased", "the unmapping is over",
                    "read released"));

    private static DeclaredOrders declared(String type, String method, String because, String... accesses) {
        return new DeclaredOrders(type, method, List.of(accesses), because);
    }

    /** What differs between the table and the classes on the class path, in words; empty when nothing does. */
    static List<String> violations(String classPath) {
        List<String> found = new ArrayList<>();
        Map<String, Map<String, DeclaredOrders>> byType = ALL.stream().collect(Collectors.groupingBy(
                DeclaredOrders::type, Collectors.toMap(DeclaredOrders::method, each -> each)));
        byType.forEach((type, methods) -> {
            Map<String, List<String>> compiled = CompiledAccesses.of(LOG + type, classPath);
            TreeSet<String> names = new TreeSet<>(methods.keySet());
            names.addAll(compiled.keySet());
            for (String name : names) {
                List<String> accesses = compiled.getOrDefault(name, List.of());
                DeclaredOrders declared = methods.get(name);
                if (declared != null && !declared.accesses.equals(accesses)) {
                    found.add(type + "." + name + " is " + accesses + ", declared " + declared.accesses + " because "
                            + declared.because);
                } else if (declared == null && accesses.stream().anyMatch(DeclaredOrders::publishes)) {
                    found.add(type + "." + name + " is " + accesses + " and not declared; say in DeclaredOrders why");
                }
            }
        });
        return found;
    }

    private static boolean publishes(String access) {
        boolean reads = access.startsWith("read ") || access.contains(".get") || access.endsWith(".current");
        return !reads || access.contains(".getAnd");
    }
}
