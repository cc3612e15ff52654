package io.semel.verify.disk;

/**
 * Thrown by the storage call in which the machine or the process dies, and by all calls to that disk afterwards. No
 * exception that a log handles, as its compactor does with all of them: nobody goes on after a crash.
 */
public final class CrashedException extends Error {
    private static final long serialVersionUID = 1L;

    CrashedException(String call) {
        // Millions are thrown on purpose, and none is looked into: without a stack trace they cost nothing.
        super("crashed in " + call, null, false, false);
    }
}
