package io.semel.transactions.records;

import java.nio.ByteBuffer;

/**
 * Key of a record in {@code __transaction_state}; a record with this key and no value forgets the transactional id.
 *
 * <pre>
 *   type:int16 = 0   transactionalId:string
 * </pre>
 */
public record TransactionLogKey(String transactionalId) {

    static final short TYPE = 0;

    public ByteBuffer encode() {
        return encode(new FieldWriter()).toBuffer();
    }

    public FieldWriter encode(FieldWriter writer) {
        return writer.int16(TYPE).string(transactionalId);
    }

    public static TransactionLogKey decode(ByteBuffer key) {
        FieldReader reader = new FieldReader("transaction key", key);
        reader.int16Within("type", TYPE, TYPE);
        TransactionLogKey decoded = new TransactionLogKey(reader.string());
        reader.end();
        return decoded;
    }
}
