package io.semel.benchmarks.workload.aeron;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.semel.benchmarks.workload.Lane;

/** From a publication to a subscription over IPC, with an embedded media driver. Nothing is stored. */
public final class IpcLane implements Lane {
    private final MediaDriver driver;
    private final Aeron aeron;
    private final IpcWriter writer;
    private final IpcReader reader;

    private IpcLane(MediaDriver driver, Aeron aeron) {
        this.driver = driver;
        this.aeron = aeron;
        this.reader = new IpcReader(aeron.addSubscription(AeronLimits.CHANNEL, AeronLimits.STREAM_ID));
        this.writer = new IpcWriter(aeron.addExclusivePublication(AeronLimits.CHANNEL, AeronLimits.STREAM_ID));
    }

    /** One thread for the driver: two cores have none to spare for three. */
    public static Lane open() {
        MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context().threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true).dirDeleteOnShutdown(true));
        return new IpcLane(driver, Aeron.connect(new Aeron.Context().aeronDirectoryName(driver
                .aeronDirectoryName())));
    }

    @Override
    public void write(byte[] payload) {
        writer.write(payload);
    }

    @Override
    public void finish() {
        // A claim that is committed can be read.
    }

    @Override
    public int read(Sink sink) {
        return reader.read(sink);
    }

    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
