package io.semel.verify.scenarios;

import java.util.Arrays;
import java.util.Locale;

import io.semel.log.Durability;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code process} and {@code power}. */
final class DurabilityConverter implements ITypeConverter<Durability> {
    @Override
    public Durability convert(String typed) {
        return Arrays.stream(Durability.values()).filter(each -> shown(each).equals(typed)).findFirst().orElseThrow(
                () -> new TypeConversionException("'" + typed + "' is none of process, power"));
    }

    /** As typed on the command line. */
    static String shown(Durability durability) {
        return durability.name().toLowerCase(Locale.ROOT);
    }
}
