package io.semel.server;

import java.util.Arrays;
import java.util.Locale;

import io.semel.client.DeliverySemantics;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code exactly-once} and its like. */
public final class SemanticsConverter implements ITypeConverter<DeliverySemantics> {
    @Override
    public DeliverySemantics convert(String typed) {
        return Arrays.stream(DeliverySemantics.values()).filter(each -> shown(each).equals(typed)).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + typed
                        + "' is none of exactly-once, at-least-once, at-most-once"));
    }

    /** As typed on the command line. */
    public static String shown(DeliverySemantics semantics) {
        return semantics.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
