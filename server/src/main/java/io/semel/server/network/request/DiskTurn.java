package io.semel.server.network.request;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.semel.wire.protocol.ApiMessage;

/** Answers on a thread that may wait for the disk; without one, what is asked for is not begun. Stateless. */
public final class DiskTurn {
    private DiskTurn() {
    }

    public static void answer(Served served, Exchange exchange, Deadline deadline,
            Function<Deadline, ApiMessage> work) {
        try {
            served.disk().execute(() -> answer(exchange, deadline, work));
        } catch (RejectedExecutionException e) {
            answer(exchange, Deadline.OVER, work);
        }
    }

    private static void answer(Exchange exchange, Deadline deadline, Function<Deadline, ApiMessage> work) {
        ApiMessage response;
        try {
            response = work.apply(deadline);
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
            return;
        }
        exchange.answer(response);
    }
}
