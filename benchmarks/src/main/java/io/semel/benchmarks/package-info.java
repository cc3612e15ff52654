/** Measures Semel, its peers and the limit of the machine; nobody looks at it. */
package io.semel.benchmarks;
