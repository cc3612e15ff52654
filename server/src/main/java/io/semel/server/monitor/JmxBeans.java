package io.semel.server.monitor;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics as beans of this JVM. Kafka's names say nothing of which server it is: the first one of a JVM has them, and
 * another goes without.
 *
 * <p>Thread rule: opened and closed by one thread.
 */
public final class JmxBeans implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(JmxBeans.class);

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final List<ObjectName> registered = new ArrayList<>();

    private JmxBeans() {
    }

    public static JmxBeans register(ServerMetrics metrics) {
        JmxBeans all = new JmxBeans();
        try {
            for (Metric metric : metrics.all()) {
                all.register(metric);
            }
        } catch (InstanceAlreadyExistsException e) {
            LOGGER.warn("another server of this JVM has Kafka's names in JMX; this one is not shown there");
            all.close();
        } catch (JMException e) {
            all.close();
            throw new IllegalStateException(e);
        }
        return all;
    }

    private void register(Metric metric) throws JMException {
        ObjectName name = new ObjectName(metric.name().object());
        beans.registerMBean(new MetricBean(metric), name);
        registered.add(name);
    }

    @Override
    public void close() {
        for (ObjectName name : registered) {
            try {
                beans.unregisterMBean(name);
            } catch (JMException e) {
                LOGGER.debug("{} is gone already", name, e);
            }
        }
        registered.clear();
    }
}
