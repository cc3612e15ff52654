/**
 * The process that appends to real files until it is killed or its disk is full, and checks first what the one before
 * it left.
 */
package io.semel.verify.realdisk.worker;
