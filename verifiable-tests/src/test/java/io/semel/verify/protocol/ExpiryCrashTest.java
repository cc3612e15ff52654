package io.semel.verify.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.semel.idempotence.ProducerIds;
import io.semel.idempotence.Verdicts;
import io.semel.log.Durability;
import io.semel.transactions.partition.PartitionId;
import io.semel.transactions.partition.PartitionWriter;
import io.semel.verify.disk.CrashMode;
import io.semel.verify.disk.CrashedException;
import io.semel.verify.disk.Journal;
import io.semel.verify.disk.MetadataOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** I4: while an id expires, is journaled and forgotten, the storage call after each number of calls is the last one. */
class ExpiryCrashTest {
    private static final PartitionId ONE = World.DATA.get(0);
    private static final PartitionId OTHER = World.DATA.get(1);
    private static final PartitionId NEVER_WRITTEN = World.DATA.get(2);

    /** Each keeps other pages of what was not forced. */
    private static final int DISKS = 4;

    private boolean isAlive;
    private final Tape tape = new Tape(Journal.SILENT, new ProtocolCounts());

    @ParameterizedTest
    @EnumSource(CrashMode.class)
    void aCrashAtAnyStorageCallLeavesTheIdAliveWithAllItWroteOrDeadEverywhere(CrashMode mode) throws IOException {
        int call = 0;
        int alive = 0;
        while (dies(mode, call / DISKS, call % DISKS)) {
            call++;
            alive += isAlive ? 1 : 0;
        }
        assertTrue(alive > 0 && alive < call, "alive after " + alive + " of " + call);
    }

    /** Whether the calls were enough for a crash. */
    private boolean dies(CrashMode mode, int call, int diskSeed) throws IOException {
        World world = new World(new Setting(Durability.PROCESS, MetadataOrder.AT_ONCE, diskSeed, false, false),
                Verdicts.STRICT);
        world.create();
        long id = issue(world);
        assertEquals(0, append(world, ONE, id, 0));
        assertEquals(0, append(world, OTHER, id, 0));
        assertEquals(1, append(world, OTHER, id, 1));
        world.crashAfter(call);
        fallSilent(world);
        if (!world.isDead()) {
            return false;
        }
        world.crash(mode);
        world.open();
        requireOneOrTheOther(world, id);
        world.close();
        world.open();
        requireOneOrTheOther(world, id);
        return true;
    }

    private static long issue(World world) {
        long id = world.broker().producerIds().tryIssue();
        while (id == ProducerIds.NOT_YET) {
            world.broker().flush();
            id = world.broker().producerIds().tryIssue();
        }
        return id;
    }

    private long append(World world, PartitionId where, long id, int sequence) {
        PartitionWriter writer = world.partition(where).openWriter(id);
        ByteBuffer batch = tape.encode(world.time(), Batch.data(id, (short) 0, sequence, false, List.of("v")));
        long code = writer.append(batch);
        world.partition(where).wantSafe(Durability.POWER);
        world.partition(where).helpMakeSafe(Durability.POWER);
        return code;
    }

    private static void fallSilent(World world) {
        try {
            for (int look = 0; look < 30; look++) {
                world.pass(World.PRODUCER_ID_EXPIRATION_MS / 10);
                world.broker().doWork();
                world.broker().flush();
            }
            world.broker().close();
        } catch (CrashedException | IOException e) {
            assertTrue(world.isDead(), e::toString);
        }
    }

    private void requireOneOrTheOther(World world, long id) {
        isAlive = world.broker().producerIds().find(id) != null;
        if (!isAlive) {
            World.DATA.forEach(where -> assertNull(world.partition(where).openWriter(id)));
            return;
        }
        assertEquals(0, append(world, ONE, id, 0), "its first batch again");
        assertEquals(1, append(world, OTHER, id, 1), "its last batch again");
        assertTrue(append(world, ONE, id, 7) < 0, "a gap");
        assertTrue(append(world, NEVER_WRITTEN, id, 0) >= 0);
    }
}
