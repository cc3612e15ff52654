package io.semel.transactions.groups;

import java.util.ArrayList;
import java.util.List;

/**
 * Answers on their way out. Found under the coordinator's pen, they leave after it is released, so that a reply may
 * call the coordinator again. A promise is an answer that rests on a record: it leaves when the log has acknowledged
 * the record.
 */
final class Answers {

    private List<Runnable> ready = new ArrayList<>();
    private final WaitingRoom promised = new WaitingRoom();

    <T> void give(Reply<T> reply, T answer) {
        ready.add(() -> reply.complete(answer));
    }

    /** @param ticket end offset of the record that the answer rests on */
    <T> void promise(long ticket, long nowMs, Reply<T> reply, T kept, T broken) {
        promised.enter(ticket, nowMs + GroupLimits.LOG_TIMEOUT_MS, () -> give(reply, kept), () -> give(reply, broken));
    }

    WaitingRoom promised() {
        return promised;
    }

    /** Under the pen: what the caller must {@link #deliver} after releasing it. */
    List<Runnable> take() {
        if (ready.isEmpty()) {
            return List.of();
        }
        List<Runnable> taken = ready;
        ready = new ArrayList<>();
        return taken;
    }

    /** Without the pen. A reply that throws does not keep the others from theirs. */
    static void deliver(List<Runnable> taken) {
        RuntimeException thrown = null;
        for (Runnable answer : taken) {
            try {
                answer.run();
            } catch (RuntimeException e) {
                if (thrown == null) {
                    thrown = e;
                } else {
                    thrown.addSuppressed(e);
                }
            }
        }
        if (thrown != null) {
            throw thrown;
        }
    }
}
