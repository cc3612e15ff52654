package io.semel.server;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code semel server} says without opening anything. */
class ServerCommandLineTest {
    private final Cli cli = new Cli();

    @TempDir
    private Path scratch;

    @Test
    void theHelpSaysThatBrokersAreNoReplicas() {
        String help = cli.good("server", "--help").replaceAll("\\s+", " ");
        assertTrue(help.contains("This is not replication"), help);
        assertTrue(help.contains("Exit codes: 0 stopped by a signal"), help);
    }

    @Test
    void everySettingIsListedWithItsDefault() {
        assertTrue(cli.lines("server", "--list-settings").contains("num.partitions (default: 1)"));
    }

    @Test
    void aMistakeIsOneLine() throws Exception {
        String data = scratch.resolve("data").toString();
        cli.assertRefused("give --data DIR", "server");
        cli.assertRefused("did you mean num.partitions? (--set)", "server", "--data", data, "--set",
                "num.partitons=3");
        cli.assertRefused("semel.brokers given=0 allowed=1..100 (command line)", "server", "--data", data, "--brokers",
                "0");
        cli.assertRefused("process (survives kill -9) or power", "server", "--data", data, "--durability", "none");
        cli.assertRefused("must be host:port", "server", "--data", data, "--listen", "here:there");
        cli.assertRefused("configuration can't be read", "server", "--data", data, "--config", scratch.resolve("none")
                .toString());
        Path file = Files.writeString(scratch.resolve("server.properties"), "ssl.keystore.location=/k\n");
        cli.assertRefused("setting not served: ssl.keystore.location", "server", "--data", data, "--config", file
                .toString());
    }
}
