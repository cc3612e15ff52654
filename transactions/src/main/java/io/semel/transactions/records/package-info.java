/**
 * The bytes of the internal topics' records: Kafka's own formats for consumer offsets, groups and transactions, and
 * Semel's for metadata.
 *
 * <p>A key starts with an {@code int16} that names the kind of record, a value with an {@code int16} version. Versions
 * marked flexible end in tagged fields, of which a reader skips the ones it does not know. What Kafka's formats lack
 * is kept in tagged fields too, with tags that Kafka will not reach, so that Kafka's own tools still read every record.
 */
package io.semel.transactions.records;
