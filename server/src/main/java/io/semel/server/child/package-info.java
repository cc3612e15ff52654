/** Child JVMs that report by lines and may be killed at any moment. */
package io.semel.server.child;
