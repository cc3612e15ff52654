package io.semel.log.batch.codec;

/**
 * The codecs of a batch's attributes, by Kafka's codes and names, with the levels that Kafka takes.
 *
 * <p>What a codec needs beyond the JDK is an optional jar. Only {@link #library()} names a class that touches one, so
 * without the jar nothing of it is ever looked for by those who don't use it.
 *
 * <p>Thread rule: immutable.
 */
public enum Codec {
    NONE(0, "none", new Levels(0, 0, 0), ""),
    GZIP(1, "gzip", new Levels(1, 9, -1), ""),
    SNAPPY(2, "snappy", new Levels(0, 0, 0), "org.xerial.snappy:snappy-java"),
    LZ4(3, "lz4", new Levels(1, 17, 9), "at.yawk.lz4:lz4-java"),
    ZSTD(4, "zstd", new Levels(-(1 << 17), 22, 3), "com.github.luben:zstd-jni");

    private static final Codec[] BY_CODE = values();

    private final int code;
    private final String kafkaName;
    private final Levels levels;
    private final String jar;

    Codec(int code, String kafkaName, Levels levels, String jar) {
        this.code = code;
        this.kafkaName = kafkaName;
        this.levels = levels;
        this.jar = jar;
    }

    /** The default need not lie between the others: gzip's leaves the choice to zlib. */
    private record Levels(int min, int max, int byDefault) {
    }

    /** @throws UnsupportedCompressionException if the format gives this code no meaning */
    public static Codec ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new UnsupportedCompressionException(code, "compression code " + code + " is unknown; known are 0.."
                    + (BY_CODE.length - 1) + ", none, gzip, snappy, lz4 and zstd", null);
        }
        return BY_CODE[code];
    }

    /** @param kafkaName as in {@code compression.type} */
    public static Codec ofName(String kafkaName) {
        for (Codec codec : BY_CODE) {
            if (codec.kafkaName.equals(kafkaName)) {
                return codec;
            }
        }
        throw new IllegalArgumentException("unknown codec: " + kafkaName + "; known are none, gzip, snappy, lz4, zstd");
    }

    /** What stands in the lowest bits of a batch's attributes. */
    public int code() {
        return code;
    }

    /** As in {@code compression.type}. */
    public String kafkaName() {
        return kafkaName;
    }

    /** Kafka's; a codec without levels has the one level 0. */
    public int defaultLevel() {
        return levels.byDefault;
    }

    boolean hasLevel(int level) {
        return level == levels.byDefault || level >= levels.min && level <= levels.max;
    }

    String describeLevels() {
        return levels.min + ".." + levels.max + " or " + levels.byDefault;
    }

    /** @throws UnsupportedCompressionException if what it needs is not on the class path, or does not run here */
    public void requireUsable() {
        if (this != NONE) {
            library();
        }
    }

    /** A new one, for one thread. */
    CodecLibrary library() {
        try {
            return switch (this) {
                case NONE -> throw new IllegalStateException("none compresses nothing");
                case GZIP -> new GzipCodec();
                case SNAPPY -> SnappyCodec.load();
                case LZ4 -> Lz4Codec.load();
                case ZSTD -> ZstdCodec.load();
            };
        } catch (LinkageError e) {
            throw unusable(e);
        }
    }

    private UnsupportedCompressionException unusable(LinkageError cause) {
        String why = cause.getCause() instanceof ClassNotFoundException
                ? " needs a jar that is not on the class path: add " + jar + ", in the release that kafka-clients names"
                : " can't run here although its jar " + jar + " is on the class path: " + cause;
        return new UnsupportedCompressionException(code, "compression with " + kafkaName + why, cause);
    }
}
