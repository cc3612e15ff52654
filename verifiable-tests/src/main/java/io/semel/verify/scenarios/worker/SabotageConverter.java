package io.semel.verify.scenarios.worker;

import java.util.Arrays;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

public final class SabotageConverter implements ITypeConverter<Sabotage> {
    @Override
    public Sabotage convert(String typed) {
        return Arrays.stream(Sabotage.values()).filter(each -> each.toString().equals(typed)).findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + typed + "' is none of " + Arrays.toString(Sabotage.values())));
    }
}
