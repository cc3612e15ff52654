package io.semel.verify.teeth;

import java.io.PrintWriter;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import io.semel.server.child.ChildJvm;

/** The child JVM that runs one test of JUnit's. Thread rule: its main thread. */
final class NamedTest {
    static final int PASSED = 0;
    static final int FAILED = 3;
    /** There is none of that name, or it meets classes that do not fit: that says nothing of the bug. */
    static final int NOT_RUN = 4;

    /** A planted bug may make a test wait for ever. */
    private static final String LIMIT = "120 s";

    private NamedTest() {
    }

    /** Class, {@code #}, method. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectMethod(arguments[0]))
                .configurationParameter("junit.jupiter.execution.timeout.default", LIMIT)
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.getFailures().forEach(failure -> System.out.println(failure.getException()));
        boolean failed = summary.getTotalFailureCount() > 0;
        boolean misfits = summary.getFailures().stream().anyMatch(each -> each.getException() instanceof LinkageError);
        if (misfits || !failed && summary.getTestsSucceededCount() != 1) {
            summary.printTo(new PrintWriter(System.out, true));
            Runtime.getRuntime().halt(NOT_RUN);
        }
        System.out.flush();
        // Threads that a failed test left behind, or one that the bug keeps busy, hold nothing up.
        Runtime.getRuntime().halt(failed ? FAILED : PASSED);
    }
}
