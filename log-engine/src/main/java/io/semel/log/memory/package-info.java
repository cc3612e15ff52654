/**
 * Where bytes live: mapped regions and their leases, disk space, force. The only package that touches raw memory.
 *
 * <p>Stands on the JDK alone, so that users need no JVM flag and see no warning on JDK 17 to 25.
 */
package io.semel.log.memory;
