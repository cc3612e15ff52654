/** {@code semel server}: from a configuration to an open port, and back. */
package io.semel.server.operate;
