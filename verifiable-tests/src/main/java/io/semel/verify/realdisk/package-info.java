/**
 * Real disks that fill up, and real processes that are killed: the log engine on file systems of the machine, mounted
 * small, and every acknowledged record read again by a fresh process.
 */
package io.semel.verify.realdisk;
