package io.semel.log.batch;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A batch written out from the specification by hand; its CRC was computed bit by bit, outside this project's code. */
final class HandWrittenBatch {
    static final long BASE_OFFSET = 0x0102030405060708L;
    static final int LEADER_EPOCH = 9;

    private static final String HEX = """
            0102030405060708 | base offset
            00000046         | length: 70 of 82 bytes
            00000009         | leader epoch
            02               | magic
            a808a557         | CRC32C
            0010             | attributes: transactional
            00000001         | last offset delta
            00000000000003e8 | base timestamp 1000
            00000000000003e9 | max timestamp 1001
            0000000000000029 | producer id 41
            0002             | producer epoch
            00000078         | base sequence 120
            00000002         | record count
            16               | record length 11
            00               | attributes
            00               | timestamp delta 0
            00               | offset delta 0
            02 6b            | key "k"
            02 76            | value "v"
            02               | one header
            02 68            | its key "h"
            01               | its value: null
            10               | record length 8
            00               | attributes
            02               | timestamp delta 1
            02               | offset delta 1
            01               | key: null
            04 7677          | value "vw"
            00               | no headers
            """;

    private HandWrittenBatch() {
    }

    static byte[] bytes() {
        String digits = HEX.lines().map(line -> line.substring(0, line.indexOf('|'))).collect(Collectors.joining());
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes());
    }
}
