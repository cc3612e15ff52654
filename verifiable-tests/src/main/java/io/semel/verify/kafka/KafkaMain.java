package io.semel.verify.kafka;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

import io.semel.server.child.ChildJvm;

/** The main class of a child JVM: runs one of Kafka's main classes, and dies with whoever started it. */
final class KafkaMain {
    private KafkaMain() {
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        ChildJvm.dieWithParent();
        String[] kafkaArguments = Arrays.copyOfRange(arguments, 1, arguments.length);
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) kafkaArguments);
        } catch (InvocationTargetException e) {
            // An error of Kafka's main class must end this process with a code of failure.
            e.getCause().printStackTrace();
            System.exit(1);
        }
    }
}
