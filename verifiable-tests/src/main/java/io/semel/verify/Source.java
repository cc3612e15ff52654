package io.semel.verify;

import java.util.List;

/** Where a member's records come from. */
interface Source {
    /** The group whose offsets say how far this source was read. */
    String group();

    /** The portions of the next transaction; empty when there is nothing now. */
    List<Portion> take();

    /** Goes back to what was committed. */
    void rewind();
}
