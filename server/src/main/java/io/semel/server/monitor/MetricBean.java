package io.semel.server.monitor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;

/**
 * A metric as a bean, with the attributes that Kafka's beans of its kind have.
 *
 * <p>Thread rule: any thread.
 */
final class MetricBean implements DynamicMBean {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final Metric metric;
    private final Map<String, Supplier<Number>> attributes = new LinkedHashMap<>();

    MetricBean(Metric metric) {
        this.metric = metric;
        if (metric instanceof Metric.Gauge gauge) {
            attributes.put("Value", gauge.value()::getAsLong);
        } else if (metric instanceof Metric.Counter counter) {
            attributes.put("Count", counter.total()::getAsLong);
            attributes.put("MeanRate", counter.rates()::mean);
            attributes.put("OneMinuteRate", counter.rates()::lately);
        } else if (metric instanceof Metric.Timer timer) {
            addTimer(timer);
        }
    }

    private void addTimer(Metric.Timer timer) {
        attributes.put("Count", timer.histogram()::count);
        attributes.put("Mean", () -> timer.histogram().count() == 0
                ? 0
                : timer.histogram().totalSeconds() * MILLIS_PER_SECOND / timer.histogram().count());
        addPercentile(timer, "50thPercentile", 0.5);
        addPercentile(timer, "75thPercentile", 0.75);
        addPercentile(timer, "95thPercentile", 0.95);
        addPercentile(timer, "98thPercentile", 0.98);
        addPercentile(timer, "99thPercentile", 0.99);
        addPercentile(timer, "999thPercentile", 0.999);
    }

    private void addPercentile(Metric.Timer timer, String attribute, double share) {
        attributes.put(attribute, () -> timer.histogram().percentileSeconds(share) * MILLIS_PER_SECOND);
    }

    @Override
    public Object getAttribute(String attribute) throws AttributeNotFoundException {
        Supplier<Number> value = attributes.get(attribute);
        if (value == null) {
            throw new AttributeNotFoundException(attribute + " of " + metric.name().object() + "; there are "
                    + attributes.keySet());
        }
        return value.get();
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList list = new AttributeList();
        for (String name : names) {
            Supplier<Number> value = attributes.get(name);
            if (value != null) {
                list.add(new Attribute(name, value.get()));
            }
        }
        return list;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " can't be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList list) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String action, Object[] parameters, String[] signature) {
        throw new UnsupportedOperationException(action);
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] infos = attributes.keySet().stream().map(name -> new MBeanAttributeInfo(name,
                Number.class.getName(), metric.help(), true, false, false)).toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(MetricBean.class.getName(), metric.help(), infos, null, null, null);
    }
}
