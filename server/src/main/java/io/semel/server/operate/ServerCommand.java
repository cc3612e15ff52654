package io.semel.server.operate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import io.semel.server.CommandLines;
import io.semel.server.network.request.ServerSettings;
import io.semel.server.network.request.Setting;
import io.semel.server.network.request.SettingTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code semel server}. */
@Command(name = "server", sortOptions = false, header = "Opens a directory to Kafka's clients.", description = {
    "",
    "Every client and tool of Apache Kafka can use the directory, unchanged, while the server runs. It listens on this "
            + "machine's loopback address unless --listen says otherwise: whoever can reach the port can read and write "
            + "everything.",
    "",
    "Settings have Kafka's names. They come from --config, then from the environment (SEMEL_NUM_PARTITIONS is "
            + "num.partitions), then from the command line; who comes later has the last word. A server.properties of Kafka "
            + "does as --config: names that mean nothing on one machine are read over and said, names that nobody knows are "
            + "an error.",
    "",
    "When it is ready it prints one line, 'ready' and what there is to know. On SIGTERM and SIGINT it takes nobody in any "
            + "more, answers what is under way, closes the directory and ends.",
    ""}, footer = {
        "",
        "--brokers N answers as N broker ids on N ports, for clients and tests that insist on several. This is not "
                + "replication: there is one copy of the data, whatever replicas clients are told of.",
        "",
        "Exit codes: 0 stopped by a signal, everything closed; 1 stopped, and something did not close well; 2 bad input, or "
                + "a port or a directory that can't be had.",
        "",
        "Examples:",
        "  ./semel server --data /var/lib/semel",
        "  ./semel server --data /var/lib/semel --listen 0.0.0.0:9092 --advertised-host kafka.example.org",
        "  ./semel server --config server.properties --data /var/lib/semel --admin-port 9100",
        "  ./semel server --data /tmp/mine --listen :0 --brokers 3 --set num.partitions=6",
        "  ./semel server --list-settings"})
public final class ServerCommand implements Callable<Integer> {
    private static final String FLAG = "command line";

    @Option(names = "--data", paramLabel = "DIR", description = "Semel's directory; made when it is missing (log.dirs).")
    private Path data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where to listen (listeners; default: 127.0.0.1:9092); port 0 for any that is free.")
    private String listen;

    @Option(names = "--advertised-host", paramLabel = "HOST", description = "What clients are told to connect to, where it differs (advertised.listeners).")
    private String advertisedHost;

    @Option(names = "--brokers", paramLabel = "N", description = "Broker ids to answer as, on consecutive ports; not replication (default: 1).")
    private Integer brokers;

    @Option(names = "--durability", paramLabel = "HOW", description = "What acknowledged records survive: process (kill -9) or power (the loss of power) (default: process).")
    private String durability;

    @Option(names = "--admin-port", paramLabel = "[HOST:]PORT", description = "Where /health/live, /health/ready and /metrics are served (default: nowhere); the host is 127.0.0.1 unless given.")
    private String admin;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, as in Kafka's server.properties.")
    private Path config;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "One setting; may be repeated.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--list-settings", description = "Show every setting with its default and its meaning, and end.")
    private boolean listSettings;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (listSettings) {
            list(out);
            return CommandLines.GOOD;
        }
        ServerLog.prepare();
        Configuration configuration = configuration(System.getenv());
        ServerSettings settings = configuration.settings();
        ServerPlan plan = ServerPlan.of(settings, data, configuration.value("controller.listener.names"));
        return ServerRun.run(plan, out, spec.commandLine().getErr());
    }

    private Configuration configuration(Map<String, String> environment) {
        Configuration configuration = new Configuration();
        if (config != null) {
            configuration.addFile(config);
        }
        configuration.addEnvironment(environment);
        set.forEach((name, value) -> configuration.add(name, value, "--set"));
        configuration.addIfGiven("semel.brokers", brokers, FLAG).addIfGiven("semel.durability", durability, FLAG);
        if (listen != null) {
            configuration.add("listeners", "PLAINTEXT://" + Listeners.ofFlag(listen), "--listen");
        }
        if (advertisedHost != null) {
            configuration.add("advertised.listeners", "PLAINTEXT://" + advertisedHost + ":0", "--advertised-host");
        }
        if (admin != null) {
            configuration.add("semel.admin.listener", admin.contains(":") ? admin : ":" + admin, "--admin-port");
        }
        return configuration;
    }

    private static void list(PrintWriter out) {
        for (Setting setting : SettingTable.all()) {
            String usual = setting.defaultValue().isEmpty() ? "" : " (default: " + setting.defaultValue() + ')';
            out.println(setting.name() + usual);
            out.println("    " + setting.meaning());
        }
        out.flush();
    }
}
