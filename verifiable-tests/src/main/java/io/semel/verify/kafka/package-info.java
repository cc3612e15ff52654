/** Apache Kafka's own broker and tools, in JVMs of their own: judges of what Semel writes and reads. */
package io.semel.verify.kafka;
