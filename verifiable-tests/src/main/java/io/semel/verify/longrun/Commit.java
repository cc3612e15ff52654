package io.semel.verify.longrun;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Of which sources a run is. Stateless. */
final class Commit {
    private static final String UNKNOWN = "unknown";

    private Commit() {
    }

    /** The commit that these classes were built in, with {@code -dirty} behind it if the sources are others. */
    static String here() {
        try {
            Path classes = Path.of(Commit.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Process git = new ProcessBuilder("git", "-C", classes.getParent().toString(), "describe", "--always",
                    "--dirty", "--abbrev=40", "--exclude=*").redirectErrorStream(true).start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? said : UNKNOWN;
        } catch (IOException | URISyntaxException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
