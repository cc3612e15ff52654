package io.semel.verify.clients;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

import io.semel.server.UsageException;
import io.semel.verify.kafka.KafkaClassPath;
import io.semel.verify.machine.ChildOutput;
import io.semel.verify.machine.DebianPackages;

/** A client that nobody here wrote, and the program that tells the story with it. */
public enum ForeignClient {
    KCAT(List.of("kcat"), "bash", "kcat.sh"),
    PYTHON_KAFKA(List.of("python3", "python3-kafka", "python3-snappy", "python3-lz4", "python3-zstandard"), // Debian's own interpreter knows Debian's packages.
            "/usr/bin/python3", "python_kafka.py", "story.py"),
    CONFLUENT(List.of("python3", "python3-confluent-kafka"), "/usr/bin/python3", "confluent.py", "story.py"),
    KAFKAJS(List.of("nodejs", "npm"), "node", "kafkajs.js") {
        @Override
        void install(Path scratch) throws IOException, InterruptedException {
            if (!isThere(scratch, "npm", "--version")) {
                super.install(scratch);
            }
            List<String> command = new ArrayList<>(List.of("npm", "install", "--no-save", "--no-audit", "--no-fund",
                    "--prefix", scratch.toString()));
            command.addAll(NODE_PACKAGES);
            ChildOutput said = ChildOutput.of(command, scratch, INSTALL_LIMIT_MS);
            if (!said.succeeded()) {
                throw new UsageException("kafkajs can't be installed: " + said.failure());
            }
        }
    },
    /** The release that Semel's own clients are of. */
    KAFKA_CLIENTS(KafkaClientsStory.class, () -> System.getProperty("java.class.path")),
    /** The last of the 3.x line, which knows the older rules of transactions alone. */
    KAFKA_CLIENTS_3(KafkaClientsStory.class, KafkaClassPath.OLDER_CLIENTS::read),
    KAFKA_TOOLS(ToolsStory.class, KafkaClassPath.TOOLS::read);

    private static final List<String> NODE_PACKAGES = List.of("kafkajs@2.2.4", "kafkajs-snappy@1.1.0");
    private static final long INSTALL_LIMIT_MS = 300_000;
    private static final long VERSION_LIMIT_MS = 30_000;

    /** A story takes half a minute; a step that hangs ends by itself after as long. */
    private static final long ACT_LIMIT_MS = 400_000;

    private final List<String> debianPackages;
    /** Beside this class; what the command needs of them is their directory. */
    private final List<String> files;
    private final Function<Path, List<String>> command;

    /** A script, and what it includes. */
    ForeignClient(List<String> debianPackages, String interpreter, String... files) {
        this.debianPackages = debianPackages;
        this.files = List.of(files);
        this.command = scratch -> List.of(interpreter, scratch.resolve(files[0]).toString());
    }

    /** A main class of ours over somebody's class path. */
    ForeignClient(Class<?> main, Supplier<String> classPath) {
        this.debianPackages = List.of();
        this.files = List.of();
        this.command = scratch -> List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Lives for seconds: the compiler that starts fast is the faster one.
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", classPath.get(), main.getName());
    }

    /** As options and the list of differences call it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Puts the program into the directory, and has what it needs installed where that is missing.
     *
     * @return the client's version
     * @throws UsageException when it can't be had here
     */
    String prepare(Path scratch) throws IOException, InterruptedException {
        for (String file : files) {
            try (InputStream content = ForeignClient.class.getResourceAsStream(file)) {
                Files.copy(content, scratch.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Telling version = tell(scratch, "nowhere", "nobody", Act.VERSION);
        if (version.version().isEmpty() && !debianPackages.isEmpty()) {
            install(scratch);
            version = tell(scratch, "nowhere", "nobody", Act.VERSION);
        }
        String failure = version.end();
        return version.version().orElseThrow(() -> new UsageException(title() + " can't be had here: " + failure));
    }

    void install(Path scratch) throws IOException, InterruptedException {
        DebianPackages.install(debianPackages, scratch);
    }

    private static boolean isThere(Path scratch, String... command) throws InterruptedException {
        try {
            return ChildOutput.of(List.of(command), scratch, VERSION_LIMIT_MS).succeeded();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs an act of the story; {@code name} begins the names of all that it makes. */
    Telling tell(Path scratch, String bootstrapServers, String name, Act act) throws InterruptedException {
        List<String> all = new ArrayList<>(command.apply(scratch));
        all.addAll(List.of(bootstrapServers, name, act.title()));
        try {
            return Telling.parse(ChildOutput.of(all, scratch, ACT_LIMIT_MS));
        } catch (IOException e) {
            return Telling.failed(e.getMessage());
        }
    }
}
