/** Draws results as pictures that need nothing but themselves. */
package io.semel.benchmarks.chart;
