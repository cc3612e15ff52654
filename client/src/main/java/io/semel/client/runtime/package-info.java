/**
 * What every embedded client stands on: the open broker, the thread that steps it, how to wait, and Kafka's exceptions
 * for the codes below. Not for users; it may change at any time.
 */
package io.semel.client.runtime;
