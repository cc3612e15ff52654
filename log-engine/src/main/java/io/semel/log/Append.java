package io.semel.log;

/**
 * The outcomes of an append that are expected and therefore return values: an offset when it is not negative, else one
 * of these.
 */
public final class Append {
    /** Not now: another thread rolls or extends, or the frontier must catch up first. Try again after a short idle. */
    public static final long BACK_PRESSURED = -1;

    /** The disk has no room for the next blocks. Nothing was written; what was acknowledged stays readable. */
    public static final long DISK_FULL = -2;

    /** The log met damage or a failure of its own and takes no more; {@link Log#failure()} says which. */
    public static final long OFFLINE = -3;

    /** The log is closed. */
    public static final long CLOSED = -4;

    /** As many direct claims as {@link DirectClaims#MAX_OPEN} are open: commit or abort one of them. */
    public static final long TOO_MANY_CLAIMS = -5;

    private Append() {
    }

    public static String describe(long code) {
        if (code >= 0) {
            return "appended at offset " + code;
        }
        if (code == BACK_PRESSURED) {
            return "back-pressured";
        }
        if (code == DISK_FULL) {
            return "disk full";
        }
        if (code == OFFLINE) {
            return "partition offline";
        }
        if (code == TOO_MANY_CLAIMS) {
            return "too many direct claims are open (limit " + DirectClaims.MAX_OPEN + ")";
        }
        return code == CLOSED ? "closed" : "code " + code;
    }
}
