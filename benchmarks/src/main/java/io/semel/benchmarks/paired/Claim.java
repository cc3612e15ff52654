package io.semel.benchmarks.paired;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static io.semel.benchmarks.paired.Contender.CHRONICLE_BYTES;
import static io.semel.benchmarks.paired.Contender.CHRONICLE_DOCUMENT;
import static io.semel.benchmarks.paired.Contender.CHRONICLE_READ;
import static io.semel.benchmarks.paired.Contender.COPY_LIMIT;
import static io.semel.benchmarks.paired.Contender.COPY_LIMIT_SUSTAINED;
import static io.semel.benchmarks.paired.Contender.FORMAT_FLOOR_BATCHED;
import static io.semel.benchmarks.paired.Contender.FORMAT_FLOOR_SINGLE;
import static io.semel.benchmarks.paired.Contender.SEMEL_APPEND_BATCHED;
import static io.semel.benchmarks.paired.Contender.SEMEL_APPEND_SINGLE;
import static io.semel.benchmarks.paired.Contender.SEMEL_PRODUCER_TRANSACTION;
import static io.semel.benchmarks.paired.Contender.SEMEL_READ_BATCHES;
import static io.semel.benchmarks.paired.Contender.SEMEL_READ_RECORDS;
import static io.semel.benchmarks.paired.Contender.SEMEL_TRANSACTION;

/** What is said of Semel's speed, who is asked, and what must come out. The names are those of the project's goals. */
public enum Claim {
    S1("append 100 B, batched by the producer, one thread, acknowledged by PROCESS",
            List.of(SEMEL_APPEND_BATCHED, CHRONICLE_DOCUMENT, CHRONICLE_BYTES, COPY_LIMIT, COPY_LIMIT_SUSTAINED,
                    FORMAT_FLOOR_BATCHED),
            List.of(Target.ratio("Chronicle's best append", 4.0, CHRONICLE_DOCUMENT, CHRONICLE_BYTES),
                    Target.ratio("the copy into ready blocks", 0.6, COPY_LIMIT))),
    S2("append 100 B, every record its own batch, readable at once",
            List.of(SEMEL_APPEND_SINGLE, CHRONICLE_DOCUMENT, CHRONICLE_BYTES, FORMAT_FLOOR_SINGLE),
            List.of(Target.ratio("Chronicle's best append", 1.3, CHRONICLE_DOCUMENT, CHRONICLE_BYTES))),
    S4("read back 100 B, zero copy, after a close and an open",
            List.of(SEMEL_READ_RECORDS, SEMEL_READ_BATCHES, CHRONICLE_READ),
            List.of(Target.ratio("Chronicle's tailer", 1.6, CHRONICLE_READ))),
    S9("tiny transaction: begin, 1 record, commit of an offset, commit",
            List.of(SEMEL_TRANSACTION, SEMEL_PRODUCER_TRANSACTION),
            List.of(Target.perSecond(500_000), Target.atMost("p50Ns", 2_000)));

    private final String title;
    private final List<Contender> contenders;
    private final List<Target> targets;

    /** @param contenders the first is the one that the targets are about */
    Claim(String title, List<Contender> contenders, List<Target> targets) {
        this.title = title;
        this.contenders = contenders;
        this.targets = targets;
    }

    public String title() {
        return title;
    }

    public List<Contender> contenders() {
        return contenders;
    }

    public Contender subject() {
        return contenders.get(0);
    }

    public List<Target> targets() {
        return targets;
    }

    /** Everybody whom one of the claims asks, each once. */
    public static Set<Contender> contendersOf(Set<Claim> claims) {
        Set<Contender> all = EnumSet.noneOf(Contender.class);
        claims.forEach(claim -> all.addAll(claim.contenders));
        return all;
    }
}
