package io.semel.verify.protocol;

import java.util.List;
import java.util.stream.Collectors;

import io.semel.log.Durability;
import io.semel.verify.disk.CrashMode;

/** All sentences of the language of scripts, and what each does. Stateless; {@link Script} teaches them. */
final class Verbs {
    static final List<Verb> ALL = List.of(
            // The house
            Verb.of("durability LEVEL", (stage, words) -> stage.promise(Durability.valueOf(words.get(0)))),
            Verb.of("topics TOPICS", (stage, words) -> stage.createTopics(words.get(0).split(" "))),
            Verb.of("topic TOPIC is deleted", (stage, words) -> stage.deleteTopic(words.get(0))),
            Verb.of("records of TOPIC before N are deleted",
                    (stage, words) -> stage.deleteRecords(words.get(0), Long.parseLong(words.get(1)))),
            Verb.of("TIME pass", (stage, words) -> stage.pass(millis(words.get(0)))),
            Verb.of("TOPIC is forced", (stage, words) -> stage.force(words.get(0))),
            Verb.of("all logs are forced", (stage, words) -> stage.forceAll()),
            Verb.of("the process dies", (stage, words) -> stage.crash(CrashMode.PROCESS)),
            Verb.of("the power fails", (stage, words) -> stage.crash(CrashMode.POWER)),
            Verb.of("the directory is closed and opened", (stage, words) -> stage.restart()),

            // Producers
            Verb.of("WHO opens ID", (stage, words) -> stage.open(words.get(0), words.get(1), Stage.USUAL_TIMEOUT_MS)),
            Verb.of("WHO opens ID for TIME",
                    (stage, words) -> stage.open(words.get(0), words.get(1), (int) millis(words.get(2)))),
            Verb.of("N owners of ID come and go",
                    (stage, words) -> stage.comeAndGo(Integer.parseInt(words.get(0)), words.get(1))),
            Verb.of("WHO gets an id", (stage, words) -> stage.issue(words.get(0))),
            Verb.of("WHO begins", (stage, words) -> stage.actor(words.get(0)).begin()),
            Verb.of("WHO sends RECORDS to TOPIC",
                    (stage, words) -> stage.actor(words.get(0)).send(records(words.get(1)), words.get(2))),
            Verb.of("WHO sends RECORDS to TOPIC again",
                    (stage, words) -> stage.actor(words.get(0)).sendAgain(records(words.get(1)), words.get(2))),
            Verb.of("WHO loses RECORDS on the way to TOPIC",
                    (stage, words) -> stage.actor(words.get(0)).lose(records(words.get(1)), words.get(2))),
            Verb.of("WHO touches TOPIC", (stage, words) -> stage.actor(words.get(0)).touch(words.get(1))),
            Verb.of("WHO stages N for GROUP",
                    (stage, words) -> stage.actor(words.get(0)).stage(Long.parseLong(words.get(1)), words.get(2))),
            Verb.of("WHO commits", (stage, words) -> stage.actor(words.get(0)).commit()),
            Verb.of("WHO aborts", (stage, words) -> stage.actor(words.get(0)).abort()),
            Verb.of("WHO asks what became of it", (stage, words) -> stage.actor(words.get(0)).ask()),
            Verb.of("WHO is busy in TOPIC", (stage, words) -> stage.hold(words.get(0), words.get(1))),
            Verb.of("WHO is free again", (stage, words) -> stage.letGo(words.get(0))),

            // Others
            Verb.of("an operator aborts ID", (stage, words) -> stage.operatorAborts(words.get(0))),
            Verb.of("group GROUP commits N",
                    (stage, words) -> stage.commitPlainly(words.get(0), Long.parseLong(words.get(1)))),
            Verb.of("group GROUP is deleted", (stage, words) -> stage.deleteGroup(words.get(0))));

    private Verbs() {
    }

    static String shapes() {
        return ALL.stream().map(verb -> "\n    " + verb.shape()).collect(Collectors.joining());
    }

    private static List<String> records(String words) {
        return List.of(words.split(" "));
    }

    private static long millis(String words) {
        long number = Long.parseLong(words.substring(0, words.indexOf(' ')));
        return switch (words.substring(words.indexOf(' ') + 1)) {
            case "ms" -> number;
            case "s" -> number * 1_000;
            case "min" -> number * 60_000;
            case "days" -> number * 86_400_000;
            default -> throw new IllegalArgumentException(words);
        };
    }
}
