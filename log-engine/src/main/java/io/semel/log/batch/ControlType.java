package io.semel.log.batch;

/** What a control batch says; the type in the key of its only record. */
public enum ControlType {
    ABORT(0), COMMIT(1), LEADER_CHANGE(2), SNAPSHOT_HEADER(3), SNAPSHOT_FOOTER(4), KRAFT_VERSION(5), KRAFT_VOTERS(6),
    /** A type of a later version, or no readable key: clients skip it. */
    UNKNOWN(-1);

    private static final ControlType[] BY_CODE =
            {ABORT, COMMIT, LEADER_CHANGE, SNAPSHOT_HEADER, SNAPSHOT_FOOTER, KRAFT_VERSION, KRAFT_VOTERS};

    private final short code;

    ControlType(int code) {
        this.code = (short) code;
    }

    /** The number that stands in the record's key. */
    public short code() {
        return code;
    }

    public static ControlType ofCode(short code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
    }
}
