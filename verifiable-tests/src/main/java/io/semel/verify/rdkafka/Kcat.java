package io.semel.verify.rdkafka;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.semel.log.batch.codec.Codec;
import io.semel.log.batch.codec.UnsupportedCompressionException;
import io.semel.server.UsageException;
import io.semel.verify.machine.ChildOutput;
import io.semel.verify.machine.DebianPackages;

/**
 * The command line of librdkafka, from the system's packages.
 *
 * @param codecs those that this librdkafka can read, and this JVM can write
 */
public record Kcat(Path program, String version, String librdkafkaVersion, List<Codec> codecs) {
    private static final String PACKAGE = "kcat";
    private static final String REMEDY = "; install the Debian package kcat (apt-get install kcat), or build it from "
            + "github.com/edenhill/kcat, so that it stands on the PATH";

    private static final long VERSION_LIMIT_MS = 10_000;

    /**
     * Starting and reading a few hundred KiB from this machine takes less than a second; a busy one may take longer.
     */
    private static final long READ_LIMIT_MS = 30_000;

    private static final Pattern VERSIONS = Pattern.compile(
            "Version (\\S+) .*librdkafka (\\S+) builtin\\.features=([\\w,]*)");
    private static final Pattern END = Pattern.compile("Reached end of topic \\S+ \\[0\\] at offset (\\d+)");

    /** Finds it on the PATH. */
    public static Optional<Path> find() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, PACKAGE)).filter(Files::isExecutable).findFirst();
    }

    /**
     * Installs the Debian package, as root.
     *
     * @throws UsageException when that can't be done here
     */
    public static Path install(Path scratch) throws InterruptedException {
        String said = DebianPackages.install(List.of(PACKAGE), scratch);
        return find().orElseThrow(() -> new UsageException("kcat can't be installed: " + said + REMEDY));
    }

    private static ChildOutput run(List<String> command, Path scratch, long limitMs) throws InterruptedException {
        try {
            return ChildOutput.of(command, scratch, limitMs);
        } catch (IOException e) {
            throw new UsageException("'" + String.join(" ", command) + "' can't be run: " + e.getMessage() + REMEDY, e);
        }
    }

    /** Asks the program what it is. */
    public static Kcat at(Path program, Path scratch) throws InterruptedException {
        ChildOutput said = run(List.of(program.toString(), "-V"), scratch, VERSION_LIMIT_MS);
        Matcher versions = VERSIONS.matcher(new String(said.out(), StandardCharsets.UTF_8));
        if (!versions.find()) {
            throw new UsageException("no version of kcat and librdkafka in what it says of itself: " + said.failure()
                    + REMEDY);
        }
        Set<String> features = new TreeSet<>(List.of(versions.group(3).split(",")));
        List<Codec> codecs = Arrays.stream(Codec.values())
                .filter(codec -> codec == Codec.NONE || features.contains(codec.kafkaName()))
                .filter(Kcat::isUsable).toList();
        return new Kcat(program, versions.group(1), versions.group(2), codecs);
    }

    private static boolean isUsable(Codec codec) {
        try {
            codec.requireUsable();
            return true;
        } catch (UnsupportedCompressionException e) {
            return false;
        }
    }

    /**
     * Reads partition 0 of the topic until librdkafka says that its end is reached.
     *
     * @throws DifferenceException when it says anything else, or nothing in time
     */
    Shown read(String bootstrapServers, Reading reading, Path scratch) throws IOException, InterruptedException {
        ChildOutput said = ChildOutput.of(List.of(program.toString(), "-C", "-b", bootstrapServers, "-t",
                reading.topic(), "-p", "0", "-o", reading.start().kcatOffset(), "-e", "-f", KcatFormat.OPTION, "-X",
                "isolation.level=" + reading.isolation(), "-X", "check.crcs=true", "-X", "fetch.wait.max.ms=10"),
                scratch, READ_LIMIT_MS);
        Matcher end = END.matcher(said.err());
        if (!said.succeeded() || said.err().contains("ERROR") || !end.find()) {
            throw new DifferenceException("librdkafka did not reach the end: " + said.failure());
        }
        return new Shown(KcatFormat.parse(said.out()), Long.parseLong(end.group(1)));
    }

    @Override
    public String toString() {
        return "kcat " + version + ", librdkafka " + librdkafkaVersion;
    }
}
