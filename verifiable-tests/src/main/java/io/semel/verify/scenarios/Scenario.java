package io.semel.verify.scenarios;

import java.util.List;
import java.util.Locale;

import io.semel.client.DeliverySemantics;
import io.semel.verify.scenarios.worker.Act;

/** The scenarios that play an act: what happens in each, and what it proves. */
public enum Scenario {
    REBALANCE(Act.REBALANCE, List.of(DeliverySemantics.values()), "E1 E2 G2 T2-T5",
            "Consumers join, leave and vanish while records flow.", """
                    Two producers write, and copiers of one group carry each record to a second topic. The seed draws who joins,
                    who leaves, and who vanishes in the middle of a transaction or a poll."""),
    ROLLING(Act.ROLLING, List.of(DeliverySemantics.values()), "E1 E2 T6 T2-T5",
            "Producers and consumers are restarted, one after the other.", """
                    One program after the other ends, half of them well and half in the middle of what they do, and is started
                    again under its name; the next follows when it is at work."""),
    ZOMBIE(Act.ZOMBIE, List.of(DeliverySemantics.EXACTLY_ONCE), "T6 E1 T2",
            "A stalled copier is fenced by its successor, and goes on later.", """
                    A copier stalls in the middle of a transaction. Another one with its transactional id begins again where it had
                    begun, and commits. Then the first one wakes and sends the rest, its offsets and its commit: all of it must be
                    refused, and nothing of it be seen."""),
    HUNG(Act.HUNG, List.of(DeliverySemantics.EXACTLY_ONCE), "T8 T6 T2",
            "A producer hangs with an open transaction: its timeout ends it.",
            """
                    Committed readers wait behind the first record that the hanging producer wrote, until its transaction times
                    out. Then the last stable offset must go on by itself, and what the producer tries must be refused.""");

    private final Act act;
    private final List<DeliverySemantics> semantics;
    private final String properties;
    private final String header;
    private final String story;

    Scenario(Act act, List<DeliverySemantics> semantics, String properties, String header, String story) {
        this.act = act;
        this.semantics = semantics;
        this.properties = properties;
        this.header = header;
        this.story = story;
    }

    /** As one types it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Act act() {
        return act;
    }

    /** Under which its story makes sense. */
    public List<DeliverySemantics> semantics() {
        return semantics;
    }

    /** Ids of what it attacks. */
    public String properties() {
        return properties;
    }

    public String header() {
        return header;
    }

    public String story() {
        return story.replace('\n', ' ');
    }
}
