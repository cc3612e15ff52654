package io.semel.transactions.records;

/** The tagged fields of a {@link TransactionLogValue}, collected while reading it. One thread. */
final class TransactionTags implements FieldReader.TaggedField {

    private long previousProducerId = TransactionIdentity.NO_PRODUCER_ID;
    private long nextProducerId = TransactionIdentity.NO_PRODUCER_ID;
    private short nextProducerEpoch = TransactionIdentity.NO_PRODUCER_EPOCH;
    private short clientVersion;
    private short renewedEpoch = TransactionIdentity.NO_PRODUCER_EPOCH;
    TransactionHome home = TransactionHome.REMOTE;
    private boolean prepared;
    long[] firstOffsets = TransactionLogValue.NO_FIRST_OFFSETS;

    TransactionIdentity identity(long producerId, short producerEpoch) {
        return new TransactionIdentity(producerId, producerEpoch, previousProducerId, nextProducerId, nextProducerEpoch,
                clientVersion, renewedEpoch);
    }

    @Override
    public boolean read(int tag, FieldReader field) {
        switch (tag) {
            case Tag.TXN_PREVIOUS_PRODUCER_ID -> previousProducerId = field.int64();
            case Tag.TXN_NEXT_PRODUCER_ID -> nextProducerId = field.int64();
            case Tag.TXN_CLIENT_VERSION -> clientVersion = field.int16();
            case Tag.TXN_NEXT_PRODUCER_EPOCH -> nextProducerEpoch = field.int16();
            case Tag.TXN_HOME -> home = TransactionHome.of(field.int8(), field);
            case Tag.TXN_FIRST_OFFSETS -> firstOffsets = offsets(field);
            case Tag.TXN_PREPARED -> prepared = field.int8() != 0;
            case Tag.TXN_RENEWED_EPOCH -> renewedEpoch = field.int16();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What the record says, beyond the status that Kafka knows. */
    TransactionStatus status(TransactionStatus known, FieldReader reader) {
        if (!prepared) {
            return known;
        }
        if (known != TransactionStatus.ONGOING) {
            throw reader.corrupt("prepared and " + known);
        }
        return TransactionStatus.PREPARED;
    }

    private static long[] offsets(FieldReader field) {
        long[] offsets = new long[field.arrayCount(Long.BYTES)];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = field.int64();
        }
        return offsets;
    }

    /** Writes the tag section: ascending tags, each field only where it differs from its default. */
    static void encode(TransactionLogValue value, FieldWriter writer) {
        TransactionIdentity identity = value.identity();
        boolean hasPrevious = identity.previousProducerId() != TransactionIdentity.NO_PRODUCER_ID;
        boolean hasNext = identity.nextProducerId() != TransactionIdentity.NO_PRODUCER_ID;
        boolean hasVersion = identity.clientVersion() != 0;
        boolean hasNextEpoch = identity.nextProducerEpoch() != TransactionIdentity.NO_PRODUCER_EPOCH;
        boolean isEmbedded = value.home() == TransactionHome.EMBEDDED;
        long[] firstOffsets = value.firstOffsets();
        boolean isPrepared = value.status() == TransactionStatus.PREPARED;
        boolean isRenewed = identity.renewedEpoch() != TransactionIdentity.NO_PRODUCER_EPOCH;

        writer.unsignedVarint(count(hasPrevious, hasNext, hasVersion, hasNextEpoch, isEmbedded,
                firstOffsets.length != 0, isPrepared, isRenewed));
        if (hasPrevious) {
            writer.tag(Tag.TXN_PREVIOUS_PRODUCER_ID, Long.BYTES).int64(identity.previousProducerId());
        }
        if (hasNext) {
            writer.tag(Tag.TXN_NEXT_PRODUCER_ID, Long.BYTES).int64(identity.nextProducerId());
        }
        if (hasVersion) {
            writer.tag(Tag.TXN_CLIENT_VERSION, Short.BYTES).int16(identity.clientVersion());
        }
        if (hasNextEpoch) {
            writer.tag(Tag.TXN_NEXT_PRODUCER_EPOCH, Short.BYTES).int16(identity.nextProducerEpoch());
        }
        if (isEmbedded) {
            writer.tag(Tag.TXN_HOME, Byte.BYTES).int8(value.home().id());
        }
        if (firstOffsets.length != 0) {
            encodeOffsets(firstOffsets, writer);
        }
        if (isPrepared) {
            writer.tag(Tag.TXN_PREPARED, Byte.BYTES).int8(1);
        }
        if (isRenewed) {
            writer.tag(Tag.TXN_RENEWED_EPOCH, Short.BYTES).int16(identity.renewedEpoch());
        }
    }

    private static void encodeOffsets(long[] offsets, FieldWriter writer) {
        int length = FieldWriter.unsignedVarintLength(offsets.length + 1) + offsets.length * Long.BYTES;
        writer.tag(Tag.TXN_FIRST_OFFSETS, length).arrayCount(offsets.length);
        for (long offset : offsets) {
            writer.int64(offset);
        }
    }

    private static int count(boolean... present) {
        int count = 0;
        for (boolean each : present) {
            count += each ? 1 : 0;
        }
        return count;
    }
}
