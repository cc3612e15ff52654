/** What a request is to those who answer it, and who answers which: independent of sockets. */
package io.semel.server.network.request;
