/** A peer: Chronicle Queue. */
package io.semel.benchmarks.workload.chronicle;
