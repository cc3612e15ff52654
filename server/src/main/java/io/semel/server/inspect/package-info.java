/** {@code semel verify-log}: one walk over a directory's logs, and small checks that each know one promise. */
package io.semel.server.inspect;
