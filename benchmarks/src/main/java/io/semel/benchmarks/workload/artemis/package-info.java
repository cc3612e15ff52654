/** A peer: ActiveMQ Artemis, embedded, in a JVM of its own. */
package io.semel.benchmarks.workload.artemis;
