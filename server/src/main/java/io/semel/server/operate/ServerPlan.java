package io.semel.server.operate;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.semel.log.Durability;
import io.semel.log.memory.Limits;
import io.semel.server.UsageException;
import io.semel.server.network.Place;
import io.semel.server.network.request.ServerSettings;

/** What is to be opened, and where: checked before anything is. Immutable. */
record ServerPlan(Path data, ServerSettings settings, Listeners listeners) {
    /** Where Prometheus looks for what a JVM says of itself, often. */
    private static final int ADMIN_PORT = 9_100;

    static ServerPlan of(ServerSettings settings, Path data, String controllerListeners) {
        ServerPlan plan = new ServerPlan(directory(settings, data), settings, Listeners.of(settings,
                controllerListeners));
        plan.durability();
        plan.admin();
        return plan;
    }

    private static Path directory(ServerSettings settings, Path given) {
        String configured = settings.text(settings.isGiven("log.dirs") ? "log.dirs" : "log.dir");
        if (configured.isEmpty() && given == null) {
            throw new UsageException("no directory: give --data DIR, or log.dirs in the configuration");
        }
        if (configured.contains(",")) {
            throw new UsageException("one directory holds everything: log.dirs given=" + configured);
        }
        Path named = configured.isEmpty() ? given : Path.of(configured);
        if (given != null && !absolute(given).equals(absolute(named))) {
            throw new UsageException("two directories: --data is " + absolute(given) + ", log.dirs is " + absolute(
                    named) + "; leave one of them away");
        }
        return absolute(named);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    Durability durability() {
        String given = settings.text("semel.durability");
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "process" -> Durability.PROCESS;
            case "power" -> Durability.POWER;
            default -> throw new UsageException("value not allowed: semel.durability given=" + given
                    + " allowed=process (survives kill -9) or power (survives the loss of power)");
        };
    }

    Limits limits() {
        Limits usual = Limits.ofThisProcess();
        String compaction = "log.cleaner.io.max.bytes.per.second";
        return settings.isGiven(compaction)
                ? usual.withCompactionBytesPerSecond(Math.max(1, (long) settings.decimal(compaction)))
                : usual;
    }

    int brokers() {
        return settings.count("semel.brokers");
    }

    List<Place> places() {
        return listeners.places(brokers());
    }

    /** Where health and metrics are served, if anywhere. */
    Optional<InetSocketAddress> admin() {
        String given = settings.text("semel.admin.listener");
        return given.isEmpty()
                ? Optional.empty()
                : Optional.of(Listeners.address("semel.admin.listener", given, ADMIN_PORT));
    }
}
