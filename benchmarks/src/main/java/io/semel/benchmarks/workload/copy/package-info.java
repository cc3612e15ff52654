/** Consume, transform, produce: from one topic into another, by each of the semantics. */
package io.semel.benchmarks.workload.copy;
