/** The machine that a proof runs on: programs of the system, and the packages that they come in. */
package io.semel.verify.machine;
