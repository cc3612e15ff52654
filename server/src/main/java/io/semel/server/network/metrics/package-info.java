/** What the network counts of itself; adding allocates nothing and makes nobody wait. */
package io.semel.server.network.metrics;
