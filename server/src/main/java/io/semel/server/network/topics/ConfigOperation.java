package io.semel.server.network.topics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.semel.server.network.request.Outcome;
import io.semel.transactions.broker.InertConfig;
import io.semel.transactions.broker.InertConfig.Kind;
import io.semel.transactions.broker.TopicConfig;
import io.semel.wire.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import io.semel.wire.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import io.semel.wire.protocol.Errors;

/** What can be done to one name of a configuration (KIP-339), by Kafka's codes of AlterConfigOp. */
enum ConfigOperation {
    SET(0) {
        @Override
        void apply(String name, String value, Map<String, String> configs) {
            configs.put(name, value);
        }
    },
    DELETE(1) {
        @Override
        void apply(String name, String value, Map<String, String> configs) {
            configs.remove(name);
        }
    },
    APPEND(2) {
        @Override
        void apply(String name, String value, Map<String, String> configs) {
            Set<String> parts = parts(configs.getOrDefault(name, defaultOf(name)));
            parts.addAll(parts(value));
            configs.put(name, String.join(",", parts));
        }
    },
    SUBTRACT(3) {
        @Override
        void apply(String name, String value, Map<String, String> configs) {
            Set<String> parts = parts(configs.getOrDefault(name, defaultOf(name)));
            parts.removeAll(parts(value));
            configs.put(name, String.join(",", parts));
        }
    };

    private final byte code;

    ConfigOperation(int code) {
        this.code = (byte) code;
    }

    abstract void apply(String name, String value, Map<String, String> configs);

    private static Optional<ConfigOperation> find(byte code) {
        return Arrays.stream(values()).filter(operation -> operation.code == code).findFirst();
    }

    private static Set<String> parts(String list) {
        Set<String> parts = new LinkedHashSet<>();
        Arrays.stream(list.split(",")).map(String::trim).filter(part -> !part.isEmpty()).forEach(parts::add);
        return parts;
    }

    private static String defaultOf(String name) {
        return name.equals(TopicConfig.CLEANUP_POLICY) ? "delete" : "";
    }

    /** All that the broker does not judge itself. */
    static Outcome judge(AlterableConfig config, AlterableConfigCollection all) {
        Optional<ConfigOperation> operation = find(config.configOperation());
        if (operation.isEmpty()) {
            return Outcome.refused(Errors.INVALID_REQUEST, "no such operation: " + config.configOperation());
        }
        if (all.stream().filter(each -> each.name().equals(config.name())).count() > 1) {
            return Outcome.refused(Errors.INVALID_REQUEST, "the request names this configuration more than once: "
                    + config.name());
        }
        if (operation.get() != DELETE && config.value() == null) {
            return Outcome.refused(Errors.INVALID_REQUEST, operation.get() + " of " + config.name()
                    + " needs a value");
        }
        boolean isOfLists = operation.get() == APPEND || operation.get() == SUBTRACT;
        return isOfLists && !isList(config.name())
                ? Outcome.refused(Errors.INVALID_CONFIG, "can't " + operation.get() + " to " + config.name()
                        + ": its value is not a list")
                : Outcome.DONE;
    }

    private static boolean isList(String name) {
        return ServedConfig.find(name).map(ServedConfig::kind).or(() -> InertConfig.find(name).map(InertConfig::kind))
                .filter(Kind.LIST::equals).isPresent();
    }

    /** The configuration that the operations make of {@code before}. */
    static Map<String, String> applyAll(AlterableConfigCollection operations, Map<String, String> before) {
        Map<String, String> after = new HashMap<>(before);
        for (AlterableConfig each : operations) {
            find(each.configOperation()).orElseThrow().apply(each.name(), each.value(), after);
        }
        return after;
    }
}
