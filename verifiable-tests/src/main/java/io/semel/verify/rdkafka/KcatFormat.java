package io.semel.verify.rdkafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How kcat is told to print a record, and the way back: keys and values by their lengths, so that they may hold any
 * byte.
 *
 * <pre>
 *   offset SP timestamp SP key length SP value length SP | key value | headers NL
 * </pre>
 *
 * <p>Thread rule: one thread.
 */
final class KcatFormat {
    static final String OPTION = "%o %T %K %S |%k%s|%h\\n";

    private static final int NULL_LENGTH = -1;

    private final String text;
    private int position;

    private KcatFormat(String text) {
        this.text = text;
    }

    /** @throws DifferenceException when it was not printed in this form */
    static List<ShownRecord> parse(byte[] printed) {
        KcatFormat format = new KcatFormat(new String(printed, StandardCharsets.ISO_8859_1));
        List<ShownRecord> records = new ArrayList<>();
        while (format.position < format.text.length()) {
            records.add(format.record());
        }
        return records;
    }

    private ShownRecord record() {
        int start = position;
        try {
            long offset = Long.parseLong(upTo(' '));
            long timestamp = Long.parseLong(upTo(' '));
            int keyLength = Integer.parseInt(upTo(' '));
            int valueLength = Integer.parseInt(upTo(' '));
            require(upTo('|').isEmpty());
            String key = bytes(keyLength);
            String value = bytes(valueLength);
            require(upTo('|').isEmpty());
            return new ShownRecord(offset, timestamp, key, value, upTo('\n'));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new DifferenceException("kcat's output can't be read: no record at character " + start + " of "
                    + text.length() + ": " + e);
        }
    }

    private static void require(boolean held) {
        if (!held) {
            throw new NumberFormatException("key and value are longer than they are said to be");
        }
    }

    private String upTo(char end) {
        int found = text.indexOf(end, position);
        String part = text.substring(position, found);
        position = found + 1;
        return part;
    }

    private String bytes(int length) {
        if (length == NULL_LENGTH) {
            return null;
        }
        String part = text.substring(position, position + length);
        position += length;
        return part;
    }
}
