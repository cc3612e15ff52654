/**
 * The processes of a scenario: programs on the threads of one JVM, since one process at a time has a directory open.
 */
package io.semel.verify.scenarios.worker;
