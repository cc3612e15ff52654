/**
 * librdkafka as a judge: partitions that Semel wrote, with every kind of filler, marker and codec, are served by an
 * Apache Kafka broker and read by kcat, which is built on it, and what it shows is compared with what Semel's own
 * reader shows.
 */
package io.semel.verify.rdkafka;
