package io.semel.server.network.request;

/**
 * One name of the server's configuration. Immutable.
 *
 * @param defaultValue empty when there is none
 * @param lowest       of numbers; the same for {@code highest}
 */
public record Setting(String name, Type type, String defaultValue, long lowest, long highest, String meaning) {

    /** What a value must look like. */
    public enum Type {
        FLAG, NUMBER, DECIMAL, TEXT
    }

    static Setting flag(String name, boolean usual, String meaning) {
        return new Setting(name, Type.FLAG, Boolean.toString(usual), 0, 0, meaning);
    }

    static Setting number(String name, long usual, long lowest, long highest, String meaning) {
        return new Setting(name, Type.NUMBER, Long.toString(usual), lowest, highest, meaning);
    }

    static Setting decimal(String name, double usual, String meaning) {
        String shown = usual == Math.rint(usual) ? Long.toString((long) usual) : Double.toString(usual);
        return new Setting(name, Type.DECIMAL, shown, 0, Long.MAX_VALUE, meaning);
    }

    static Setting text(String name, String usual, String meaning) {
        return new Setting(name, Type.TEXT, usual, 0, 0, meaning);
    }

    /** As {@link #number}, where nobody sets what another setting says already. */
    static Setting unset(String name, long lowest, long highest, String meaning) {
        return new Setting(name, Type.NUMBER, "", lowest, highest, meaning);
    }

    /** @throws IllegalArgumentException when {@code value} is none of this setting */
    void check(String value) {
        switch (type) {
            case FLAG -> require(value.equals("true") || value.equals("false"), value, "true or false");
            case NUMBER -> requireNumber(value);
            case DECIMAL -> requireDecimal(value);
            case TEXT -> {
                // Whoever uses it knows what it may be.
            }
        }
    }

    private void requireNumber(String value) {
        try {
            long number = Long.parseLong(value);
            require(number >= lowest && number <= highest, value, lowest + ".." + highest);
        } catch (NumberFormatException e) {
            throw notAllowed(value, "a number, " + lowest + ".." + highest);
        }
    }

    private void requireDecimal(String value) {
        try {
            require(Double.parseDouble(value) >= lowest, value, "a number from " + lowest + " on");
        } catch (NumberFormatException e) {
            throw notAllowed(value, "a number");
        }
    }

    private void require(boolean holds, String value, String allowed) {
        if (!holds) {
            throw notAllowed(value, allowed);
        }
    }

    private IllegalArgumentException notAllowed(String value, String allowed) {
        return new IllegalArgumentException("value not allowed: " + name + " given=" + value + " allowed=" + allowed);
    }
}
