/**
 * Programs whose lines are their history: a producer, a consumer and a transactional copier that print one JSON object
 * for each thing that happens to them, with the names and fields of Kafka's own tools of that kind, and the reader that
 * makes of such lines, from any number of programs and lives, a history to be checked.
 */
package io.semel.verify.programs;
