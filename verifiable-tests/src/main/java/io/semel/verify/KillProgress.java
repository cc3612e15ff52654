package io.semel.verify;

/** Where a run shows how far it is. */
interface KillProgress {
    void update(int kills, int recoveries, long[] counts, long anomalies);

    /** A step that takes a while and shows nothing. */
    void say(String what);
}
