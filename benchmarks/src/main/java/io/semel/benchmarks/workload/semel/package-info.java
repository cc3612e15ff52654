/** Semel's own contenders. */
package io.semel.benchmarks.workload.semel;
