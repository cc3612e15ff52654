/**
 * X1: for the failures of others that are the protocol's, bugs of that kind, planted into the sources one at a time,
 * and the named tests that catch them.
 */
package io.semel.verify.teeth;
