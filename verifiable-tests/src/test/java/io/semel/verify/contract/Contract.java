package io.semel.verify.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once in every home, with a {@link Trial} of its own: ordinary code for kafka-clients. What it
 * expects is what Kafka does; where another home differs, {@code differences.txt} has to say so.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Timeout(60)
@ExtendWith(InEveryHome.class)
@interface Contract {
}
