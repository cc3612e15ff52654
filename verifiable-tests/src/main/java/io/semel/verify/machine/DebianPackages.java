package io.semel.verify.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.semel.server.UsageException;

/** The system's own packages. Stateless. */
public final class DebianPackages {
    private static final long INSTALL_LIMIT_MS = 300_000;

    private DebianPackages() {
    }

    /**
     * Installs packages, as root.
     *
     * @return what the last program said, for whoever misses something afterwards all the same
     * @throws UsageException when that can't be done here
     */
    public static String install(List<String> packages, Path scratch) throws InterruptedException {
        String remedy = "; install the Debian packages: apt-get install " + String.join(" ", packages);
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new UsageException("only root may install what is missing" + remedy);
        }
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "-q", "--no-install-recommends"));
        install.addAll(packages);
        ChildOutput said = run(install, scratch, remedy);
        if (!said.succeeded()) {
            // A machine that never asked what packages there are knows of none.
            run(List.of("apt-get", "update", "-q"), scratch, remedy);
            said = run(install, scratch, remedy);
        }
        return said.failure();
    }

    private static ChildOutput run(List<String> command, Path scratch, String remedy) throws InterruptedException {
        try {
            return ChildOutput.of(command, scratch, INSTALL_LIMIT_MS);
        } catch (IOException e) {
            throw new UsageException("'" + String.join(" ", command) + "' can't be run: " + e.getMessage() + remedy, e);
        }
    }
}
