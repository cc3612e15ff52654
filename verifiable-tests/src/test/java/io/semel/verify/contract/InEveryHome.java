package io.semel.verify.contract;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

import io.semel.verify.clients.Differences;

import static org.junit.jupiter.api.Assertions.fail;

/** Runs a {@link Contract} once per home, and holds what was found against the list of differences. */
final class InEveryHome implements TestTemplateInvocationContextProvider {
    /** Where a home may differ from Kafka. */
    static final Differences LISTED = Differences.read(InEveryHome.class, "differences.txt");

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(Homes.values()).map(InOneHome::new);
    }

    private static final class InOneHome implements TestTemplateInvocationContext, ParameterResolver,
            AfterTestExecutionCallback, AfterEachCallback {
        private final Homes which;
        private Trial trial;

        InOneHome(Homes which) {
            this.which = which;
        }

        @Override
        public String getDisplayName(int invocationIndex) {
            return which.title();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Trial.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            trial = new Trial(which.of(context));
            return trial;
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            context.getExecutionException().ifPresentOrElse(
                    failure -> failure.addSuppressed(new AssertionError("found before: " + trial.deviations())),
                    () -> requireNoFault(nameOf(context)));
        }

        private void requireNoFault(String contract) {
            List<String> faults = LISTED.faults(which.title(), contract, trial.deviations());
            if (!faults.isEmpty()) {
                fail(contract + " in " + which.title() + ":\n  " + String.join("\n  ", faults));
            }
        }

        private static String nameOf(ExtensionContext context) {
            return context.getRequiredTestClass().getSimpleName() + '.' + context.getRequiredTestMethod().getName();
        }

        @Override
        public void afterEach(ExtensionContext context) {
            if (trial != null) {
                trial.close();
            }
        }
    }
}
