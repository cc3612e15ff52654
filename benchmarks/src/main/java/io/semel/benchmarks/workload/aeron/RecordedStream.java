package io.semel.benchmarks.workload.aeron;

import java.nio.file.Path;

import org.agrona.concurrent.status.CountersReader;

import io.aeron.CommonContext;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;

/**
 * A stream over IPC that Aeron's Archive records on disk. Thread rule: one thread, but for {@link #writer()}, by one
 * other.
 */
final class RecordedStream implements AutoCloseable {
    private static final int REPLAY_STREAM_ID = AeronLimits.STREAM_ID + 1;

    private final ArchivingMediaDriver driver;
    private final AeronArchive archive;
    private final IpcWriter writer;
    private final CountersReader counters;
    private final int counterId;

    private RecordedStream(ArchivingMediaDriver driver, AeronArchive archive) {
        this.driver = driver;
        this.archive = archive;
        this.writer = new IpcWriter(archive.addRecordedExclusivePublication(AeronLimits.CHANNEL,
                AeronLimits.STREAM_ID));
        this.counters = archive.context().aeron().countersReader();
        this.counterId = awaitCounter();
    }

    /** Nothing is forced ({@code fileSyncLevel} 0, its default); one thread each for driver and archive. */
    static RecordedStream open(Path directory) {
        String aeronDirectory = CommonContext.generateRandomDirName();
        ArchivingMediaDriver driver = ArchivingMediaDriver.launch(
                new MediaDriver.Context().aeronDirectoryName(aeronDirectory).threadingMode(ThreadingMode.SHARED)
                        .dirDeleteOnStart(true).dirDeleteOnShutdown(true),
                new Archive.Context().aeronDirectoryName(aeronDirectory).archiveDir(directory.resolve("archive")
                        .toFile()).threadingMode(ArchiveThreadingMode.SHARED).controlChannelEnabled(false)
                        .recordingEventsEnabled(false).replicationChannel("aeron:udp?endpoint=localhost:0")
                        .archiveClientContext(new AeronArchive.Context().controlResponseChannel(AeronLimits.CHANNEL)));
        AeronArchive archive = AeronArchive.connect(new AeronArchive.Context().aeronDirectoryName(aeronDirectory)
                .controlRequestChannel(driver.archive().context().localControlChannel())
                .controlRequestStreamId(driver.archive().context().localControlStreamId())
                .controlResponseChannel(AeronLimits.CHANNEL));
        return new RecordedStream(driver, archive);
    }

    private int awaitCounter() {
        int found = RecordingPos.findCounterIdBySession(counters, writer.sessionId(), archive.archiveId());
        while (found == CountersReader.NULL_COUNTER_ID) {
            Thread.yield();
            found = RecordingPos.findCounterIdBySession(counters, writer.sessionId(), archive.archiveId());
        }
        return found;
    }

    IpcWriter writer() {
        return writer;
    }

    /** A reader of the live stream. Opened before the first write, it is shown everything. */
    IpcReader live() {
        return new IpcReader(archive.context().aeron().addSubscription(AeronLimits.CHANNEL, AeronLimits.STREAM_ID));
    }

    /** Returns once all that was written is in the recording's file. */
    void awaitRecorded() {
        long written = writer.position();
        while (counters.getCounterValue(counterId) < written) {
            Thread.yield();
        }
    }

    /** A reader of the recording, from its start to where it is now. */
    Subscription replay() {
        long recordingId = RecordingPos.getRecordingId(counters, counterId);
        return archive.replay(recordingId, 0, writer.position(), AeronLimits.CHANNEL, REPLAY_STREAM_ID);
    }

    @Override
    public void close() {
        archive.close();
        driver.close();
    }
}
