/**
 * Semel for its users: open a directory, and produce, consume, transform and administer with the delivery semantics
 * that each client chooses.
 */
package io.semel.client;
