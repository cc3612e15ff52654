package io.semel.verify;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A share of a whole: {@code 1/100} or {@code 0.01}. */
final class ShareConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String typed) {
        int slash = typed.indexOf('/');
        try {
            double share = slash < 0 ? Double.parseDouble(typed)
                    : Double.parseDouble(typed.substring(0, slash)) / Double.parseDouble(typed.substring(slash + 1));
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + typed
                + "' is no share; one is more than 0 and at most 1, such as 1/100");
    }
}
