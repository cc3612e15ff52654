/** A peer: Aeron, over IPC and with its Archive. These classes run with Aeron's own Agrona, in a JVM of their own. */
package io.semel.benchmarks.workload.aeron;
