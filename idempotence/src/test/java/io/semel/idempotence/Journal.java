package io.semel.idempotence;

/** A journal of id blocks that acknowledges, and refuses, when the test says so. */
final class Journal implements ProducerIds.Journal {
    long nextUnissued;
    long acknowledged;
    long appends;
    boolean refuses;
    boolean acknowledgesAtOnce = true;

    @Override
    public long append(long newNextUnissued) {
        if (refuses) {
            return -1;
        }
        nextUnissued = newNextUnissued;
        appends++;
        if (acknowledgesAtOnce) {
            acknowledged = appends;
        }
        return appends;
    }

    @Override
    public boolean isAcknowledged(long ticket) {
        return ticket <= acknowledged;
    }
}
