/** What is measured: one class per thing that a contender does, run against a stopwatch. */
package io.semel.benchmarks.workload;
