/** What a server shows of itself, by Kafka's names: over HTTP for Prometheus, over JMX for consoles. */
package io.semel.server.monitor;
