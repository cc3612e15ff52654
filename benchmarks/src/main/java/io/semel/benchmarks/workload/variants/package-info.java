/** Parts of the engine in isolation, each beside what lost to it, so that the choice can be tried again. */
package io.semel.benchmarks.workload.variants;
