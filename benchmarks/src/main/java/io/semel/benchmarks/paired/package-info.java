/** Contenders side by side: each in a JVM of its own, taking turns, so that a ratio is taken under the same weather. */
package io.semel.benchmarks.paired;
