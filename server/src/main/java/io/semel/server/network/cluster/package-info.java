/** Answers to what clients ask of a cluster: versions, nodes, where topics are. One file per API key. */
package io.semel.server.network.cluster;
