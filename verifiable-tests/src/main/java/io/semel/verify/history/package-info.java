/**
 * Judges what clients saw: a history of sends, polls and transactions goes in, anomalies with their evidence come out.
 *
 * <p>The anomalies are those that Jepsen looks for in systems that speak Kafka's protocol, in our own words
 * ({@link io.semel.verify.history.Anomaly}, with the table of what is forbidden under which semantics), and some that
 * need to know who is in a group, or that every send was announced. Knows nothing of Semel: a history of any client of
 * any broker will do.
 */
package io.semel.verify.history;
