package io.semel.log.batch.codec;

/** How a writer compresses: the codec, and how hard it tries. Immutable. */
public record Compression(Codec codec, int level) {
    public static final Compression NONE = new Compression(Codec.NONE, 0);

    public Compression {
        if (!codec.hasLevel(level)) {
            throw new IllegalArgumentException("no level of " + codec.kafkaName() + ": level=" + level
                    + ", levels are " + codec.describeLevels());
        }
    }

    /** At Kafka's default level. */
    public static Compression of(Codec codec) {
        return new Compression(codec, codec.defaultLevel());
    }
}
