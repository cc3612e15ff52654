/**
 * Clients that nobody here wrote, as judges: each tells the same story to Semel's server and to an Apache Kafka broker,
 * by a small program of its own language, and must hear the same answers, up to a written list.
 */
package io.semel.verify.clients;
