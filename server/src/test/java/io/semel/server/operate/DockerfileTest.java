package io.semel.server.operate;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whether the Dockerfile makes sense, where no container can be built: what it names is there, and nobody is root. */
class DockerfileTest {
    private static final String HOME = "/opt/semel/";

    @Test
    void whatItCopiesIsWhatTheBuildMakes() throws IOException {
        List<String> copies = instructions("COPY");
        assertEquals(1, copies.size());
        String pattern = copies.get(0).split(" ")[0];
        String pom = Files.readString(module().resolve("pom.xml"));
        assertTrue(pom.contains("<finalName>semel-${project.version}</finalName>"), "the archive has another name");
        assertTrue(FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(
                "target/semel-1.2.3.tar.gz")), pattern);
    }

    @Test
    void itRunsTheArchivesScripts() throws IOException {
        for (String instruction : List.of("ENTRYPOINT", "HEALTHCHECK")) {
            String words = instructions(instruction).get(0);
            int start = words.indexOf(HOME);
            String script = words.substring(start + HOME.length(), words.indexOf('"', start));
            Path source = module().resolve("src/main/distribution").resolve(script);
            assertTrue(Files.isExecutable(source), () -> source + " is no script");
        }
        assertTrue(Files.readString(module().resolve("src/main/distribution/bin/semel-health")).contains(
                "GET /health/ready "));
    }

    @Test
    void itListensWhereItSaysAndChecksWhereItListens() throws IOException {
        String entry = instructions("ENTRYPOINT").get(0);
        for (String port : instructions("EXPOSE").get(0).split(" ")) {
            assertTrue(entry.contains("\"0.0.0.0:" + port + '"'), port);
        }
        assertTrue(instructions("HEALTHCHECK").get(0).contains("\"9100\""));
        assertTrue(entry.contains("\"--data\", \"" + instructions("VOLUME").get(0) + '"'), entry);
    }

    @Test
    void nobodyIsRoot() throws IOException {
        List<String> users = instructions("USER");
        assertEquals(1, users.size());
        assertFalse(List.of("root", "0").contains(users.get(0)));
        String made = String.join(" ", instructions("RUN"));
        assertTrue(made.contains("--uid " + users.get(0) + ' '), made);
    }

    private static List<String> instructions(String name) throws IOException {
        return Files.readString(module().resolve("Dockerfile")).replace("\\\n", " ").lines().filter(line -> line
                .startsWith(name + ' ')).map(line -> line.substring(name.length() + 1).strip()).toList();
    }

    /** The build runs tests in the module's directory, an editor in the checkout's. */
    private static Path module() {
        return Files.exists(Path.of("Dockerfile")) ? Path.of("") : Path.of("server");
    }
}
