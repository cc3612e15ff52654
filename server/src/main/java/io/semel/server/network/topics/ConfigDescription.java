package io.semel.server.network.topics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.semel.transactions.broker.Broker;
import io.semel.transactions.broker.InertConfig;
import io.semel.transactions.broker.InertConfig.Kind;
import io.semel.transactions.broker.Topic;
import io.semel.transactions.broker.TopicSetting;

/**
 * One name of a configuration as Kafka's tools show it. Immutable.
 *
 * @param ofBroker     the name under which a broker has the default
 * @param defaultValue what holds where nobody says anything about this topic or node
 * @param source       where {@code value} comes from
 */
record ConfigDescription(String name, String value, ConfigSource source, String ofBroker, String defaultValue,
        Kind kind, String documentation) {

    /** All names that a topic may have, by name. */
    static List<ConfigDescription> of(Broker broker, Topic topic) {
        List<TopicSetting> settings = broker.settings(topic);
        List<ConfigDescription> all = new ArrayList<>();
        settings.forEach(setting -> all.add(of(setting)));
        Set<String> named = settings.stream().map(TopicSetting::name).collect(Collectors.toSet());
        InertConfig.all().stream().filter(inert -> !named.contains(inert.name())).forEach(inert -> all.add(of(inert,
                inert.defaultValue(), ConfigSource.DEFAULT)));
        all.sort(Comparator.comparing(ConfigDescription::name));
        return all;
    }

    private static ConfigDescription of(TopicSetting setting) {
        ConfigSource source = sourceOf(setting.origin());
        return ServedConfig.find(setting.name()).map(served -> new ConfigDescription(served.name(), setting.value(),
                source, served.ofBroker(), setting.defaultValue(), served.kind(), served.documentation()))
                .orElseGet(() -> of(InertConfig.find(setting.name()).orElseThrow(), setting.value(), source));
    }

    private static ConfigDescription of(InertConfig inert, String value, ConfigSource source) {
        return new ConfigDescription(inert.name(), value, source, inert.name(), inert.defaultValue(), inert.kind(),
                "Nothing goes by it: " + inert.why() + '.');
    }

    private static ConfigSource sourceOf(TopicSetting.Origin origin) {
        return switch (origin) {
            case TOPIC -> ConfigSource.TOPIC;
            case DIRECTORY -> ConfigSource.STATIC_BROKER;
            case DEFAULT -> ConfigSource.DEFAULT;
        };
    }

    /** Kafka's code of what kind of value this is. */
    byte kindCode() {
        return (byte) switch (kind) {
            case BOOLEAN -> 1;
            case STRING -> 2;
            case INT -> 3;
            case LONG -> 5;
            case DOUBLE -> 6;
            case LIST -> 7;
        };
    }
}
