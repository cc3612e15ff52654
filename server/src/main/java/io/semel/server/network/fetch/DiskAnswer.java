package io.semel.server.network.fetch;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import io.semel.server.network.request.Exchange;
import io.semel.server.network.request.Served;
import io.semel.wire.protocol.ApiMessage;

/** Answers that wait for the disk. Stateless. */
final class DiskAnswer {
    private DiskAnswer() {
    }

    /**
     * Answers from a thread that may wait.
     *
     * @param whenBusy what is answered when too much waits there already
     */
    static void give(Served served, Exchange exchange, Supplier<ApiMessage> answer, Supplier<ApiMessage> whenBusy) {
        try {
            served.disk().execute(() -> {
                try {
                    exchange.answer(answer.get());
                } catch (RuntimeException e) {
                    exchange.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            exchange.answer(whenBusy.get());
        }
    }
}
