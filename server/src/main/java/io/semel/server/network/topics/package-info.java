/** Administration of topics, their configurations and what else a cluster is asked to change. One file per API key. */
package io.semel.server.network.topics;
