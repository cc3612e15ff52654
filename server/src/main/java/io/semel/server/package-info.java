/** The {@code semel} command line, and what other command lines of the project share with it. */
package io.semel.server;
