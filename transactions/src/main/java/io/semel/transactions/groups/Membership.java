package io.semel.transactions.groups;

/**
 * Who a caller says it is: a member of one generation, or nobody.
 *
 * @param memberId        empty for nobody
 * @param groupInstanceId null for a dynamic member
 * @param generation      {@link #NO_GENERATION} for nobody
 */
public record Membership(String memberId, String groupInstanceId, int generation) {

    public static final int NO_GENERATION = -1;
    /** A caller outside the group's protocol: an administrator, or a consumer that assigns its own partitions. */
    public static final Membership NOBODY = new Membership("", null, NO_GENERATION);

    /** Speaks for no generation: as Kafka has it, welcome wherever there are no members, whatever it calls itself. */
    boolean isOutside() {
        return generation < 0;
    }

    boolean isNobody() {
        return memberId.isEmpty() && groupInstanceId == null && generation < 0;
    }
}
