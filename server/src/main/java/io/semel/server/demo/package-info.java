/** {@code semel demo}: a text becomes word counts, exactly once, while the worker is killed again and again. */
package io.semel.server.demo;
