/** JMH benchmarks, one class per claim. */
package io.semel.benchmarks.jmh;
