/**
 * The parts of {@link io.semel.client.SemelAdmin} that are large enough to stand by themselves, and each over an open
 * directory.
 */
package io.semel.client.admin;
