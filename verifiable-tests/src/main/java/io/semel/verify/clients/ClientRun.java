package io.semel.verify.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Has clients tell their story to hosts, each host restarted between the acts, and compares what they were told.
 *
 * <p>Thread rule: one thread.
 */
public final class ClientRun {
    static final Differences LISTED = Differences.read(ClientRun.class, "differences.txt");

    private final Path directory;
    private final List<ForeignClient> clients;
    private final Consumer<String> progress;

    /** Who is told the story. */
    public enum On {
        SEMEL, KAFKA, BOTH
    }

    /**
     * @param directory for all that is made; the caller removes it
     * @param progress  is told what is done next
     */
    public ClientRun(Path directory, List<ForeignClient> clients, Consumer<String> progress) {
        this.directory = directory;
        this.clients = clients;
        this.progress = progress;
    }

    /** One verdict for each client, in their order. Where both are asked, Semel's server is held to Kafka's answers. */
    public Result run(On on) throws IOException, InterruptedException {
        Map<ForeignClient, String> versions = new EnumMap<>(ForeignClient.class);
        for (ForeignClient client : clients) {
            progress.accept("preparing " + client.title());
            versions.put(client, client.prepare(directory));
        }
        List<Told> told = new ArrayList<>();
        if (on != On.SEMEL) {
            try (Host kafka = KafkaHost.open(directory.resolve("kafka"))) {
                told.add(tell(kafka));
            }
        }
        if (on != On.KAFKA) {
            try (Host semel = SemelHost.open(directory.resolve("semel"))) {
                told.add(tell(semel));
            }
        }
        return new Result(told.stream().map(Told::version).toList(), clients.stream()
                .map(client -> verdict(client, versions.get(client), told)).toList());
    }

    private static Verdict verdict(ForeignClient client, String version, List<Told> told) {
        Told first = told.get(0);
        Told last = told.get(told.size() - 1);
        return first == last
                ? Verdict.alone(client.title(), version, first.tellings().get(client))
                : Verdict.compare(client.title(), version, first.tellings().get(client), last.host(),
                        last.tellings().get(client), LISTED);
    }

    /** What the clients heard from one host. */
    private record Told(String host, String version, Map<ForeignClient, Telling> tellings) {
    }

    /** @param hosts what was spoken to, with versions */
    public record Result(List<String> hosts, List<Verdict> verdicts) {
        public boolean isClean() {
            return verdicts.stream().allMatch(verdict -> verdict.faults().isEmpty());
        }
    }

    private Told tell(Host host) throws IOException, InterruptedException {
        Map<ForeignClient, Telling> told = new EnumMap<>(ForeignClient.class);
        for (Act act : List.of(Act.FIRST, Act.SECOND)) {
            for (ForeignClient client : clients) {
                progress.accept(host.title() + ": " + client.title() + ", " + act.title() + " act");
                told.merge(client, client.tell(directory, host.bootstrapServers(), "story-" + client.title(), act),
                        Telling::and);
            }
            if (act == Act.FIRST) {
                progress.accept(host.title() + " is restarted");
                host.restart();
            }
        }
        return new Told(host.title(), host.version(), told);
    }
}
